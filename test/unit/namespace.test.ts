import assert from "node:assert/strict";
import type { Cluster } from "../../cleanup/cluster-api";
import { keptProblem, testProblem } from "../../cleanup/ownership";
import {
  claimProblem,
  ensureNamespace,
  holderOf,
  isOurs,
  removeNamespace,
  warningOf,
} from "../../cleanup/namespace";
import { programsManifest } from "../../manifests/configmap";
import { namespaceManifest } from "../../manifests/namespace";

describe("a namespace", () => {
  it("is the test's by its label alone", () => {
    assert.equal(isOurs({ metadata: { labels: { "app.kubernetes.io/name": "fuse-test" } } }), true);
    assert.equal(isOurs({ metadata: { name: "fuse-test" } }), false);
  });

  it("may be used by its own stack alone, and by who cleans after any", () => {
    const found = (owner?: string) => ({
      metadata: {
        labels: {
          "app.kubernetes.io/name": "fuse-test",
          ...(owner === undefined ? {} : { "fuse-test/owner": owner }),
        },
      },
    });
    const claim = { namespace: "fuse-test", owner: "local-1" };
    assert.equal(claimProblem(found("local-1"), claim), undefined);
    assert.equal(claimProblem(found("local-2"), { namespace: "fuse-test" }), undefined);
    assert.match(
      claimProblem(found("local-2"), claim) ?? "",
      /^the namespace fuse-test is another test's: it belongs to the stack local-2, and this one is local-1\. /,
    );
    assert.match(claimProblem(found(), claim) ?? "", /it belongs to the stack nobody/);
    assert.match(
      claimProblem({ metadata: { name: "fuse-test" } }, { namespace: "fuse-test" }) ?? "",
      /^the namespace fuse-test is not this test's: it has no label app\.kubernetes\.io\/name=fuse-test\. /,
    );
  });

  it("that others hold is told of before it is deleted, with what to do", () => {
    assert.equal(warningOf({ metadata: { name: "fuse-test" } }), undefined);
    assert.equal(
      warningOf({ metadata: { name: "fuse-test", finalizers: ["example.com/hold"] } }),
      "the namespace fuse-test cannot go while it has the finalizers example.com/hold, which are not the test's. " +
        "Whoever set them takes them away; where nobody does, run: kubectl patch namespace fuse-test --type=merge " +
        `--patch '{"metadata":{"finalizers":null}}', and run the destroy again`,
    );
  });

  it("that does not go is told with what holds it", () => {
    assert.equal(
      holderOf({ metadata: { finalizers: ["example.com/hold"] }, spec: { finalizers: ["kubernetes"] } }),
      "its finalizers are example.com/hold",
    );
  });
});

describe("a namespace that an administrator keeps", () => {
  const claim = { namespace: "fuse-test", owner: "kept" };

  /** A cluster with this namespace or none, which notes what is asked of it beyond looking. */
  function clusterWith(owner: string | undefined, done: string[]): Cluster {
    let present = owner === undefined ? undefined : namespaceManifest("fuse-test", owner);
    const cluster: Partial<Cluster> = {
      namespace: () => Promise.resolve(present),
      createNamespace: () => Promise.resolve(void done.push("create")),
      deleteNamespace: () => {
        present = undefined;
        return Promise.resolve(void done.push("delete"));
      },
    };
    return cluster as Cluster;
  }

  it("holds the test of one stack, which its programs name", () => {
    const programs = programsManifest("fuse-test", "local-1");
    assert.equal(testProblem(programs, { namespace: "fuse-test", stack: "local-1" }), undefined);
    assert.equal(testProblem({ metadata: {} }, { namespace: "fuse-test", stack: "local-2" }), undefined);
    assert.match(
      testProblem(programs, { namespace: "fuse-test", stack: "local-2" }) ?? "",
      /^the test in the namespace fuse-test is another's: it belongs to the stack local-1, and this one is local-2\. /,
    );
  });

  it("is refused while it is being deleted, because no stack makes it again", () => {
    const kept = namespaceManifest("fuse-test", "kept");
    const going = { ...kept, metadata: { ...kept.metadata, deletionTimestamp: new Date() } };
    assert.equal(keptProblem(kept, "fuse-test"), undefined);
    assert.match(
      keptProblem(going, "fuse-test") ?? "",
      /^the namespace fuse-test is being deleted, .* Apply gitops\/deployer again, and run the test again$/,
    );
    const own = namespaceManifest("fuse-test", "local-1");
    const ownGoing = { ...own, metadata: { ...own.metadata, deletionTimestamp: new Date() } };
    assert.equal(keptProblem(ownGoing, "fuse-test"), undefined);
  });

  it("is used as it is, and never removed, whoever asks", async () => {
    const done: string[] = [];
    const cluster = clusterWith("kept", done);
    assert.equal(await ensureNamespace(cluster, claim), false);
    await removeNamespace(cluster, claim);
    await removeNamespace(cluster, { namespace: "fuse-test" });
    assert.deepEqual(done, []);
  });

  it("is not taken by a stack that makes its own, nor the other way round", async () => {
    const done: string[] = [];
    await assert.rejects(
      ensureNamespace(clusterWith("kept", done), { ...claim, owner: "local-00000000" }),
      /it belongs to the stack kept, and this one is local-00000000/,
    );
    await assert.rejects(
      removeNamespace(clusterWith("local-00000000", done), claim),
      /it belongs to the stack local-00000000, and this one is kept/,
    );
    assert.deepEqual(done, []);
  });

  it("is not made where it is missing, with the way to mend that", async () => {
    const done: string[] = [];
    await assert.rejects(
      ensureNamespace(clusterWith(undefined, done), claim),
      /the namespace fuse-test is not there, and this stack does not make it .*Apply gitops\/deployer again/,
    );
    assert.deepEqual(done, []);
  });

  it("is told from one that the test made, which is made and removed as ever", async () => {
    const done: string[] = [];
    const own = { namespace: "fuse-test", owner: "local-00000000" };
    assert.equal(await ensureNamespace(clusterWith(undefined, done), own), true);
    await removeNamespace(clusterWith("local-00000000", done), own);
    assert.deepEqual(done, ["create", "delete"]);
  });
});
