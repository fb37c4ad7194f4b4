import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { connect } from "../../../kube/client";
import { otherRun } from "../../../verdict/preflight";
import { passing } from "../../support/observations";

describe("a kubeconfig that is none", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-kubeconfig-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("is reported in one line that names it and quotes none of it", () => {
    const kubeconfig = join(folder, "config");
    const texts = fc.oneof(
      fc.constantFrom("", "[]", "3", "{}", "a: [1\ntoken: s3cr3t\nb: {", "clusters: [{name: b}]", "\u0000"),
      fc.string(),
      fc.json(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        writeFileSync(kubeconfig, text);
        assert.throws(
          () => connect({ kubeconfig }),
          ({ message }: Error) =>
            message.startsWith(`the kubeconfig ${kubeconfig} cannot be used: `) &&
            !/\n|s3cr3t|undefined/.test(message),
        );
      }),
    );
  });

  it("is one that is not there, or is a folder", () => {
    for (const kubeconfig of ["/nowhere", folder])
      assert.throws(() => connect({ kubeconfig }), /cannot be used: E(NOENT|ISDIR): .*\. Check it: kubectl/);
  });
});

describe("another run", () => {
  const { question } = passing();
  const pod = (changes: { namespace?: string; nodeName?: string; path?: string; phase?: string }) => ({
    metadata: { namespace: changes.namespace ?? "other", name: "fuse-producer" },
    spec: {
      nodeName: changes.nodeName ?? question.node,
      volumes: [{ name: "bridge", hostPath: { path: changes.path ?? question.hostPath } }],
    },
    status: { phase: changes.phase ?? "Running" },
  });

  it("is one on this node and in this directory that has not ended, in another namespace", () => {
    assert.equal(otherRun([pod({})], question), "other/fuse-producer");
    assert.equal(otherRun([{}, pod({ phase: "Pending" })], question), "other/fuse-producer");
  });

  it("is none that has ended, is elsewhere, or is this one", () => {
    for (const changes of [
      { phase: "Succeeded" },
      { nodeName: "w1" },
      { path: "/tmp/elsewhere" },
      { namespace: question.namespace },
    ])
      assert.equal(otherRun([pod(changes)], question), undefined);
  });
});
