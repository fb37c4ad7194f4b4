import assert from "node:assert/strict";
import { readSettings } from "../../config";
import type { Cluster } from "../../lifecycle/cluster";
import { cleansFor, dropJanitor, joinJanitor } from "../../lifecycle/janitor";
import { haveEnded, releaseNamespace } from "../../lifecycle/release";
import type { CleanRequest } from "../../lifecycle/request";
import { cleanRequest } from "../../lifecycle/request-of";
import { janitorManifest } from "../../manifests/janitor";
import { namespaceManifest } from "../../manifests/namespace";

const image = "registry.example/tools:1";
const pods = { ...readSettings({ image }), image, run: "r1", imagePullPolicy: "Never" as const };
const request: CleanRequest = {
  ...cleanRequest({ pods, access: {}, owner: "local-1" }),
  mode: "release",
};

/** The janitor's pod as the API gives it: objects of the client's own classes. */
function janitorPod(changes: Partial<CleanRequest> = {}, occupied: "clean" | "leave" = "clean") {
  const pod = janitorManifest(
    { ...request, ...changes },
    { image, mountPropagation: "Bidirectional", occupied },
  );
  const [container] = pod.spec.containers;
  assert.ok(container);
  const env = container.env.map((variable) =>
    Object.assign(Object.create({ fromApi: true }) as object, variable),
  );
  return { ...pod, spec: { ...pod.spec, containers: [{ ...container, env }] } };
}

const ended = { state: { terminated: { exitCode: 0, startedAt: new Date(), reason: "Completed" } } };
const WHOLE = JSON.stringify({ run: "r1", role: "janitor", event: "finished", bridge: "removed" });

interface Imagined {
  readonly going?: boolean;
  readonly owner?: string;
  readonly ready?: boolean;
  readonly running?: readonly object[];
  readonly janitor?: object | undefined;
  readonly log?: string | Error;
  readonly refused?: boolean;
  /** Pods that come while the janitor is being made. */
  readonly later?: readonly object[];
  readonly finalizers?: string[];
}

/** A cluster that notes what is asked of it. */
function imagine({
  going = false,
  owner = "local-1",
  ready = true,
  running = [],
  janitor,
  log,
  refused,
  later = [],
  finalizers,
}: Imagined) {
  const done: string[] = [];
  let pod = janitor;
  let present = running;
  const cluster = {
    namespace: () => {
      const made = namespaceManifest("fuse-test", owner);
      const deletionTimestamp = going ? { deletionTimestamp: new Date() } : {};
      return Promise.resolve({
        ...made,
        metadata: { ...made.metadata, uid: "u1", finalizers, ...deletionTimestamp },
      });
    },
    node: () =>
      Promise.resolve({
        spec: {},
        status: { conditions: [{ type: "Ready", status: ready ? "True" : "Unknown" }] },
      }),
    pods: () => Promise.resolve(present),
    pod: () => Promise.resolve(pod),
    log: () => (log instanceof Error ? Promise.reject(log) : Promise.resolve(log ?? "")),
    putConfigMap: () => Promise.resolve(void done.push("programs")),
    createPod: () => {
      if (refused === true) return Promise.reject(new Error("denied"));
      pod = janitorPod();
      present = [...running, pod, ...later];
      return Promise.resolve(void done.push("janitor"));
    },
    deletePod: () => {
      pod = undefined;
      return Promise.resolve(void done.push("janitor removed"));
    },
    deleteNamespace: (name: string, uid?: string) =>
      Promise.resolve(void done.push(`namespace ${name} ${String(uid)} deleted`)),
  };
  return { cluster: cluster as unknown as Cluster, done };
}

describe("pods that have ended", () => {
  it("are those of a last phase, and no others", () => {
    const phases = (...names: (string | undefined)[]) =>
      names.map((phase) => ({ status: phase === undefined ? {} : { phase } }));
    assert.equal(haveEnded([]), true);
    assert.equal(haveEnded(phases("Succeeded", "Failed")), true);
    for (const phase of ["Pending", "Running", "Unknown", undefined]) {
      assert.equal(haveEnded(phases("Succeeded", phase)), false, phase);
    }
    assert.equal(haveEnded([{}]), false);
  });
});

describe("a namespace that a destroy releases", () => {
  it("gets a janitor, and is then deleted: this one, by its uid", async () => {
    const { cluster, done } = imagine({ running: [{ status: { phase: "Succeeded" } }] });
    await releaseNamespace(cluster, request);
    assert.deepEqual(done, ["programs", "janitor", "namespace fuse-test u1 deleted"]);
  });

  it("loses its janitor where a pod came while that was being made, so that nobody believes what it found", async () => {
    const { cluster, done } = imagine({
      running: [{ metadata: { uid: "a" }, status: { phase: "Succeeded" } }],
      later: [{ metadata: { name: "fuse-examination", uid: "b" }, status: { phase: "Pending" } }],
    });
    await releaseNamespace(cluster, request);
    assert.deepEqual(done, ["programs", "janitor", "namespace fuse-test u1 deleted", "janitor removed"]);
  });

  it("is left alone where it is another's, goes already, is held, or its node does not answer", async () => {
    const scenes = [{ owner: "other-2" }, { going: true }, { ready: false }, { finalizers: ["a/hold"] }];
    for (const imagined of scenes) {
      const { cluster, done } = imagine(imagined);
      await releaseNamespace(cluster, request);
      assert.deepEqual(done, [], JSON.stringify(imagined));
    }
  });

  it("is not deleted where the janitor is refused", async () => {
    const { cluster, done } = imagine({ refused: true });
    await releaseNamespace(cluster, request);
    assert.deepEqual(done, ["programs"]);
  });

  it("is left alone while a pod runs in it", async function () {
    this.timeout(15_000);
    const { cluster, done } = imagine({ running: [{ status: { phase: "Running" } }] });
    await releaseNamespace(cluster, request);
    assert.deepEqual(done, []);
  });
});

describe("a janitor in a namespace that goes", () => {
  it("is known by the run, the node, the path, and that it cleans", () => {
    assert.equal(cleansFor(request, janitorPod()), true);
    assert.equal(cleansFor(request, janitorPod({ run: "r2" })), false);
    assert.equal(cleansFor(request, janitorPod({ node: "w1" })), false);
    assert.equal(cleansFor(request, janitorPod({ hostPath: "/tmp/fuse-test-other" })), false);
    assert.equal(cleansFor(request, janitorPod({}, "leave")), false);
    assert.equal(cleansFor(request, {}), false);
    const own = janitorPod();
    const injected = { name: "injected", env: [{ name: "RUN", value: "r2" }] };
    const [container] = own.spec.containers;
    assert.ok(container);
    const env = [{ name: "PROXY", value: "p" }, ...container.env];
    const changed = { ...own, spec: { ...own.spec, containers: [injected, { ...container, env }] } };
    assert.equal(cleansFor(request, changed), true);
  });

  it("is waited for, read and taken away", async () => {
    const janitor = { ...janitorPod(), status: { containerStatuses: [ended] } };
    const { cluster, done } = imagine({ going: true, janitor, log: WHOLE });
    assert.equal((await joinJanitor(cluster, request))?.bridge, "removed");
    assert.deepEqual(done, ["janitor removed"]);
  });

  it("says nothing where the namespace stays: something can have come into it since", async () => {
    const janitor = { ...janitorPod(), status: { containerStatuses: [ended] } };
    const { cluster, done } = imagine({ janitor, log: WHOLE });
    assert.equal(await joinJanitor(cluster, request), undefined);
    assert.deepEqual(done, []);
  });

  it("says nothing where it is another's, is gone, did not start, or its log is not whole or not there", async () => {
    const status = { containerStatuses: [ended] };
    const waiting = { state: { waiting: { reason: "CreateContainerError", message: "not a shared mount" } } };
    const scenes: Imagined[] = [
      { janitor: undefined },
      { janitor: { ...janitorPod({ run: "r2" }), status }, log: WHOLE },
      { janitor: { ...janitorPod(), status: { containerStatuses: [waiting] } }, log: WHOLE },
      { janitor: { ...janitorPod(), status }, log: "" },
      { janitor: { ...janitorPod(), status }, log: WHOLE.slice(0, 40) },
      { janitor: { ...janitorPod(), status }, log: WHOLE.replace("r1", "r2") },
      { janitor: { ...janitorPod(), status }, log: new Error("pods fuse-janitor not found") },
    ];
    for (const [index, scene] of scenes.entries()) {
      const { cluster } = imagine({ going: true, ...scene });
      assert.equal(await joinJanitor(cluster, request), undefined, String(index));
      if (index !== 1) assert.equal(await cluster.pod("fuse-test", "fuse-janitor"), undefined, String(index));
    }
  });

  it("is taken away where its node is gone, and nobody else's is", async () => {
    const scenes: [Imagined, string[]][] = [
      [{ going: true, janitor: janitorPod() }, ["janitor removed"]],
      [{ going: true, janitor: janitorPod({ run: "r2" }) }, []],
      [{ going: false, janitor: janitorPod() }, []],
      [{ going: true }, []],
    ];
    for (const [scene, expected] of scenes) {
      const { cluster, done } = imagine(scene);
      await dropJanitor(cluster, request);
      assert.deepEqual(done, expected, JSON.stringify(scene));
    }
  });
});
