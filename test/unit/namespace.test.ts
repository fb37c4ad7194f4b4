import assert from "node:assert/strict";
import type { Cluster } from "../../cleanup/cluster-api";
import { keptProblem, listOwnPods, testProblem } from "../../cleanup/ownership";
import {
  claimProblem,
  ensureNamespace,
  deletionBlocker,
  isOurs,
  removeNamespace,
  finalizerWarning,
} from "../../cleanup/namespace";
import { programsManifest } from "../../manifests/configmap";
import { KEPT_OWNER, namespaceManifest } from "../../manifests/namespace";

describe("a namespace", () => {
  it("is the test's by its label alone", () => {
    assert.equal(isOurs({ metadata: { labels: { "app.kubernetes.io/name": "fuse-test" } } }), true);
    assert.equal(isOurs({ metadata: { name: "fuse-test" } }), false);
  });

  it("may be used by its own stack only, and by a cleanup of any stack", () => {
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
    assert.match(claimProblem(found(), claim) ?? "", /it belongs to the stack unknown/);
    assert.match(
      claimProblem({ metadata: { name: "fuse-test" } }, { namespace: "fuse-test" }) ?? "",
      /^the namespace fuse-test is not this test's: it has no label app\.kubernetes\.io\/name=fuse-test\. /,
    );
  });

  it("is asked for its owner after its pods were listed, and another stack's pods are never returned", async () => {
    const pods = [{ metadata: { name: "fuse-test-producer", uid: "1" } }];
    const list = async (
      { namespace, programs }: { namespace?: string; programs?: string },
      owner: string,
      listed = pods,
    ) => {
      const asked: string[] = [];
      const cluster = {
        pods: (name: string) => {
          asked.push(`pods in ${name}`);
          return Promise.resolve(listed);
        },
        namespace: (name: string) => {
          asked.push(`namespace ${name}`);
          return Promise.resolve(namespace === undefined ? undefined : namespaceManifest(name, namespace));
        },
        configMap: (place: string, name: string) => {
          asked.push(`configmap ${name} in ${place}`);
          return Promise.resolve(programs === undefined ? undefined : programsManifest(place, programs));
        },
      };
      return [
        await listOwnPods(cluster, { namespace: "fuse-test", owner, stack: "local-1" }),
        asked,
      ] as const;
    };
    const asked = ["pods in fuse-test", "namespace fuse-test", "configmap fuse-test-programs in fuse-test"];
    assert.deepEqual(await list({ namespace: "local-1", programs: "local-1" }, "local-1"), [pods, asked]);
    assert.deepEqual(await list({ namespace: "local-1" }, "local-1"), [pods, asked]);
    assert.deepEqual(await list({ namespace: "local-2", programs: "local-2" }, "local-1"), [[], asked]);
    assert.deepEqual(await list({ namespace: "local-2" }, "local-1"), [[], asked]);
    assert.deepEqual(await list({ namespace: "local-1", programs: "local-2" }, "local-1"), [[], asked]);
    assert.deepEqual(await list({}, "local-1"), [[], asked]);
    assert.deepEqual(await list({ namespace: "local-2" }, "local-1", []), [[], ["pods in fuse-test"]]);
    // In a namespace that an administrator keeps, the programs alone tell whose the test is.
    assert.deepEqual(await list({ namespace: KEPT_OWNER, programs: "local-1" }, KEPT_OWNER), [pods, asked]);
    assert.deepEqual(await list({ namespace: KEPT_OWNER, programs: "local-2" }, KEPT_OWNER), [[], asked]);
  });

  it("is reported with its finalizers before it is deleted, and the next step", () => {
    assert.equal(finalizerWarning({ metadata: { name: "fuse-test" } }), undefined);
    assert.equal(
      finalizerWarning({ metadata: { name: "fuse-test", finalizers: ["example.com/hold"] } }),
      "the namespace fuse-test cannot be deleted while it has the finalizers example.com/hold, which are not the test's. " +
        "The controllers that set them must remove them; if they do not, run: kubectl patch namespace fuse-test --type=merge " +
        `--patch '{"metadata":{"finalizers":null}}', and run the destroy again`,
    );
  });

  it("whose deletion is blocked is reported with the reason", () => {
    assert.equal(
      deletionBlocker({
        metadata: { finalizers: ["example.com/hold"] },
        spec: { finalizers: ["kubernetes"] },
      }),
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

  it("is not created if it is missing, and the error names the fix", async () => {
    const done: string[] = [];
    await assert.rejects(
      ensureNamespace(clusterWith(undefined, done), claim),
      /the namespace fuse-test is missing, and this stack does not create it .*Apply gitops\/deployer again/,
    );
    assert.deepEqual(done, []);
  });

  it("is distinguished from one that the test created, which is created and removed as before", async () => {
    const done: string[] = [];
    const own = { namespace: "fuse-test", owner: "local-00000000" };
    assert.equal(await ensureNamespace(clusterWith(undefined, done), own), true);
    await removeNamespace(clusterWith("local-00000000", done), own);
    assert.deepEqual(done, ["create", "delete"]);
  });
});
