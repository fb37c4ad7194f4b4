import assert from "node:assert/strict";
import { matrix } from "../../../config/visibility-matrix";
import { matrixRows, refusedCells, steps } from "../../../config/suites";
import { examinationConsumerManifest, examinationProducerManifest } from "../../../manifests/examination";
import type { PodSettings } from "../../../manifests/common";
import { readSettings } from "../../../config/settings";

const image = `fuse-test.local/tools@sha256:${"0".repeat(64)}`;
const settings: PodSettings = { ...readSettings({ image, run: "r1" }), image, imagePullPolicy: "Never" };

describe("the suites", () => {
  it("examine nothing in quick, one consumer in standard and every combination in full", () => {
    assert.deepEqual(
      (["quick", "standard", "full"] as const).map((suite) => [
        matrixRows(suite).length,
        refusedCells(suite).length,
      ]),
      [
        [0, 0],
        [1, 0],
        [10, 2],
      ],
    );
  });

  it("lose the mount thirty times and in every known way in full", () => {
    const all = steps("full");
    assert.equal(all.filter((step) => step === "kill").length, 30);
    assert.deepEqual(all.slice(30), ["hang", "restart", "delete", "evict", "speed"]);
    assert.deepEqual(steps("standard"), ["kill", "kill", "kill", "kill", "kill", "hang"]);
  });

  it("keep every privileged container in the producer's pod", () => {
    const privileged = (manifest: {
      spec: { containers: { securityContext: { privileged: boolean } }[] };
    }): number => manifest.spec.containers.filter(({ securityContext }) => securityContext.privileged).length;
    assert.equal(privileged(examinationProducerManifest(settings, "full")), 7);
    assert.equal(privileged(examinationProducerManifest(settings, "standard")), 1);
    assert.equal(privileged(examinationConsumerManifest(settings, "full")), 0);
  });
});

describe("the expected visibility matrix", () => {
  it("has a row for every combination, named after it, and no other", () => {
    const names = { None: "none", HostToContainer: "slave", Bidirectional: "shared" } as const;
    const nameOf = (row: (typeof matrix)[number]): string =>
      `${row.privileged ? "privileged" : "plain"}-${names[row.propagation]}-${row.uid}`;
    assert.deepEqual(
      matrix.map(({ name }) => name),
      matrix.map(nameOf),
    );
    const combinations = [true, false].flatMap((privileged) =>
      (["None", "HostToContainer", "Bidirectional"] as const).flatMap((propagation) =>
        [0, 10001].map((uid) => nameOf({ privileged, propagation, uid } as (typeof matrix)[number])),
      ),
    );
    const refused = refusedCells("full").map(({ name }) => name);
    assert.deepEqual([...matrix.map(({ name }) => name), ...refused].sort(), combinations.sort());
  });

  it("hides a later mount from None alone, and a private one from other users alone", () => {
    for (const { name, propagation, uid, before, after } of matrix) {
      const private_ = uid === 0 ? "reads" : "denied";
      const seen = { allowOther: "reads", ownerOnly: private_ };
      const hidden = { allowOther: "absent", ownerOnly: "absent" };
      assert.deepEqual([before, after], [propagation === "None" ? hidden : seen, seen], name);
    }
  });

  it("returns a container's own mount from a privileged root with Bidirectional alone", () => {
    for (const { name, propagation, privileged, uid, ownMount } of matrix) {
      const mounted = propagation === "Bidirectional" ? "propagated" : "kept";
      assert.equal(ownMount, privileged && uid === 0 ? mounted : "refused", name);
    }
  });
});
