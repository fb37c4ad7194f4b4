import assert from "node:assert/strict";
import { expectReverse, expectVisibility } from "../../../examination/cells";
import { cellContainers, refusedCells, steps } from "../../../examination/suite";
import { examinationConsumerManifest, examinationProducerManifest } from "../../../manifests/examination";
import type { PodSettings } from "../../../manifests/common";
import { readSettings } from "../../../config";

const image = `fuse-test.local/tools@sha256:${"0".repeat(64)}`;
const settings: PodSettings = { ...readSettings({ image, run: "r1" }), image, imagePullPolicy: "Never" };

describe("the suites", () => {
  it("examine nothing in quick, one consumer in standard and every combination in full", () => {
    assert.deepEqual(
      (["quick", "standard", "full"] as const).map((suite) => [
        cellContainers(suite).length,
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

describe("what a consumer must see", () => {
  const cell = (
    propagation: "None" | "HostToContainer" | "Bidirectional",
    uid: number,
    privileged = false,
  ) => ({
    ...{ name: "c", propagation, uid, privileged },
  });

  it("is nothing with None, unless the mount was there first", () => {
    assert.match(expectVisibility(cell("None", 10001), true, "before").expected, /^no mount/);
    assert.equal(
      expectVisibility(cell("None", 10001), true, "after").expected,
      "sees the mount and reads it",
    );
  });

  it("is EACCES for another user without allow_other, and the files for the owner", () => {
    assert.match(expectVisibility(cell("HostToContainer", 10001), false, "before").expected, /EACCES/);
    assert.equal(
      expectVisibility(cell("HostToContainer", 0), false, "before").expected,
      "sees the mount and reads it",
    );
  });

  it("hands back a mount of its own with Bidirectional alone", () => {
    assert.deepEqual(
      [
        cell("None", 0, true),
        cell("HostToContainer", 0, true),
        cell("Bidirectional", 0, true),
        cell("Bidirectional", 10001, true),
        cell("HostToContainer", 0),
      ].map((one) => expectReverse(one).expected),
      [
        "does not reach the producer",
        "does not reach the producer",
        "reaches the producer",
        "may not mount: the kernel refuses it",
        "may not mount: the kernel refuses it",
      ],
    );
  });
});
