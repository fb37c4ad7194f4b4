import assert from "node:assert/strict";
import { readSettings } from "../../config/settings";
import { cleanUpOn } from "../../cleanup/cleanup";
import type { Cluster } from "../../cleanup/cluster-api";
import { type CleanRequest, isSamePlace } from "../../protocol/cleanup-request";
import { cleanRequest } from "../../protocol/cleanup-request-of";
import { programsManifest } from "../../manifests/configmap";
import { JANITOR_NAME, type janitorManifest } from "../../manifests/janitor";
import { namespaceManifest } from "../../manifests/namespace";

const image = "registry.example/tools:1";
const pods = { ...readSettings({ image }), image, run: "r1", imagePullPolicy: "Never" as const };
const request: CleanRequest = cleanRequest({
  pods,
  hostPath: pods.hostPath,
  access: {},
  owner: "local-1",
  keepNamespace: false,
});
const kept: CleanRequest = { ...request, keepNamespace: true };

const finished = (bridge: string): string =>
  JSON.stringify({ run: "cleanup", role: "janitor", event: "finished", bridge });
const terminated = { exitCode: 0, startedAt: new Date(), reason: "Completed" };

interface Imagined {
  /** Owner of the namespace; null for no namespace. */
  readonly owner?: string | null;
  readonly programs?: string;
  readonly node?: "missing";
  readonly roles?: readonly string[];
  /** Roles whose pods never end by themselves. */
  readonly stubborn?: readonly string[];
  /** What each janitor in turn prints; an Error for one whose log cannot be read, null for one that does not start. */
  readonly logs?: readonly (string | Error | null)[];
  /** Runs in progress in other namespaces. */
  readonly elsewhere?: readonly string[];
  /** The role of a pod that is created while the first janitor is being made. */
  readonly comes?: string;
}

interface FakePod {
  readonly metadata: { name: string; namespace: string; uid: string; labels: Record<string, string> };
  readonly spec: { terminationGracePeriodSeconds: number };
  status: object;
}

function podIn(name: string, role: string, run: string): FakePod {
  const labels = { "fuse-test/role": role, "fuse-test/run": run };
  return {
    metadata: { name, namespace: "fuse-test", uid: `uid-${name}`, labels },
    spec: { terminationGracePeriodSeconds: -10 },
    status: { phase: "Running" },
  };
}

/** A cluster that records what changes it, and in which the namespace's deletion takes a while. */
function imagine(scene: Imagined) {
  const { programs, roles = [], stubborn = [], comes } = scene;
  const elsewhere = (scene.elsewhere ?? []).map((run) => podIn(`fuse-producer-${run}`, "producer", run));
  const owner = scene.owner === undefined ? "local-1" : scene.owner;
  const janitors: string[] = [];
  const logs = [...(scene.logs ?? [finished("removed")])];
  const done: string[] = [];
  const podOf = (name: string, role: string): FakePod => podIn(name, role, "r1");
  const present = new Map(roles.map((role) => [`fuse-${role}`, podOf(`fuse-${role}`, role)]));
  let going: number | undefined;
  const made = (by: string) => {
    const { metadata, ...rest } = namespaceManifest("fuse-test", by);
    return {
      ...rest,
      metadata: { ...metadata, uid: `of-${by}`, deletionTimestamp: undefined as Date | undefined },
    };
  };
  let namespace = owner === null ? undefined : made(owner);
  const cluster = {
    node: () => {
      const conditions = [{ type: "Ready", status: "True" }];
      return Promise.resolve(scene.node === "missing" ? undefined : { spec: {}, status: { conditions } });
    },
    namespace: () => {
      // It goes once the janitor in it is gone, as the controller would have it.
      if (going !== undefined && !present.has(JANITOR_NAME)) namespace = going = undefined;
      return Promise.resolve(namespace);
    },
    createNamespace: () => {
      namespace = made("local-1");
      return Promise.resolve(void done.push("create namespace"));
    },
    deleteNamespace: (_: string, uid?: string) => {
      going = 1;
      if (namespace) namespace.metadata.deletionTimestamp = new Date();
      return Promise.resolve(void done.push(`delete namespace ${String(uid)}`));
    },
    pods: () => Promise.resolve([...present.values()]),
    podsEverywhere: () => Promise.resolve([...present.values(), ...elsewhere]),
    pod: (_: string, name: string) => Promise.resolve(present.get(name)),
    createPod: ({ metadata: { name }, spec }: ReturnType<typeof janitorManifest>) => {
      for (const { name: variable, value } of spec.containers[0]?.env ?? [])
        if (variable === "RUNS" || variable === "KEEP") janitors.push(`${variable}=${value}`);
      const janitor = podOf(name, "janitor");
      const starts = logs[0] !== null;
      janitor.status = {
        containerStatuses: [
          { state: starts ? { terminated } : { waiting: { reason: "CreateContainerError", message: "no" } } },
        ],
      };
      present.set(name, janitor);
      if (comes !== undefined && done.every((line) => line !== "create fuse-janitor"))
        present.set("fuse-late", podOf("fuse-late", comes));
      return Promise.resolve(void done.push(`create ${name}`));
    },
    deletePod: ({ metadata }: FakePod, grace?: number) => {
      const role = metadata.labels["fuse-test/role"] ?? "";
      if (metadata.name === JANITOR_NAME) logs.splice(0, 1);
      if (grace === 0 || !stubborn.includes(role)) present.delete(metadata.name);
      return Promise.resolve(void done.push(`${grace === 0 ? "force" : "delete"} ${metadata.name}`));
    },
    log: () => {
      const [log] = logs;
      return log instanceof Error ? Promise.reject(log) : Promise.resolve(log ?? "");
    },
    configMap: () =>
      Promise.resolve(programs === undefined ? undefined : programsManifest("fuse-test", programs)),
    putConfigMap: () => Promise.resolve(),
    deleteConfigMap: (_: string, name: string) =>
      Promise.resolve(name === "fuse-test-programs" ? void done.push("delete programs") : undefined),
  };
  return { cluster: cluster as unknown as Cluster, done, janitors };
}

interface Cleaned {
  readonly done: readonly string[];
  readonly printed: readonly string[];
  readonly steps: readonly string[];
  readonly reached: boolean | Error;
}

async function clean(
  scene: Imagined,
  wanted: CleanRequest = request,
  namespace: "remove" | "leave" = "remove",
): Promise<Cleaned> {
  const { cluster, done } = imagine(scene);
  const printed: string[] = [];
  const steps: string[] = [];
  const reached = await cleanUpOn(cluster, wanted, {
    namespace,
    print: (line) => void printed.push(line),
    step: (what) => void steps.push(what),
  }).catch((error: unknown) => error as Error);
  return { done, printed, steps, reached };
}

const ROLES = ["producer", "consumer", "control"];
const JANITOR = ["create fuse-janitor", "force fuse-janitor"];

describe("a cleanup", function () {
  this.timeout(20_000);

  it("removes the readers, the producer, and then the namespace while the janitor works in it", async () => {
    assert.deepEqual(await clean({ roles: ROLES }), {
      done: [
        "delete fuse-consumer",
        "delete fuse-control",
        "delete fuse-producer",
        "create fuse-janitor",
        "delete namespace of-local-1",
        "force fuse-janitor",
      ],
      printed: [],
      steps: ["remove the pods", "clean the node"],
      reached: true,
    });
  });

  it("runs the janitor again in a namespace made for it, if the first could not start or be read, or a pod came", async () => {
    const again = [
      "create fuse-janitor",
      "delete namespace of-local-1",
      "force fuse-janitor",
      "create namespace",
      ...JANITOR,
      "delete namespace of-local-1",
    ];
    const whole = finished("removed");
    for (const first of [null, "", whole.slice(0, 30), new Error("pods fuse-janitor not found")]) {
      const { done, reached } = await clean({ logs: [first, whole] });
      assert.deepEqual([done, reached], [again, true], String(first));
    }
    const { done } = await clean({ comes: "producer", logs: [whole, whole] });
    assert.deepEqual(
      done,
      again.flatMap((line) => (line === "create namespace" ? [line, "delete fuse-late"] : [line])),
    );
  });

  it("makes a namespace for the janitor if there is none", async () => {
    const { done, reached } = await clean({ owner: null });
    assert.deepEqual(done, ["create namespace", ...JANITOR, "delete namespace of-local-1"]);
    assert.equal(reached, true);
  });

  it("deletes pods from the API at once, and starts no janitor, if the node is gone", async () => {
    const { done, printed, reached } = await clean({ roles: ["producer", "consumer"], node: "missing" });
    assert.deepEqual(done, ["force fuse-consumer", "force fuse-producer", "delete namespace of-local-1"]);
    const why = "there is no such node any more";
    assert.match(printed[0] ?? "", new RegExp(`deleted from the API without waiting for w2: ${why}$`));
    assert.match(printed[1] ?? "", new RegExp(`^w2 could not be cleaned: ${why}\\.`));
    assert.equal(reached, false);
  });

  it("deletes from the API what the kubelet of a node that is Ready does not end in time", async () => {
    const { done, printed } = await clean({ roles: ["consumer"], stubborn: ["consumer"] });
    assert.deepEqual(done.slice(0, 2), ["delete fuse-consumer", "force fuse-consumer"]);
    assert.match(printed[0] ?? "", /its kubelet did not confirm it in time$/);
  });

  it("fails if a mount cannot be removed, after everything else is", async () => {
    const { done, reached } = await clean({ logs: [finished("mounted")] });
    assert.equal(done.at(-1), "force fuse-janitor");
    assert.ok(done.includes("delete namespace of-local-1"));
    assert.match(String(reached), /^Error: \/tmp\/fuse-test-bridge on w2 is still mounted$/);
  });

  it("says which program the janitor's image lacks", async () => {
    const lacks =
      '{"run":"cleanup","role":"janitor","event":"failed","stage":"tool","message":"umount is not in the image"}';
    const { printed, reached } = await clean({ logs: Array.from({ length: 9 }, () => lacks) });
    assert.match(
      printed.join("\n"),
      /w2 could not be cleaned: in the image \S+, umount is not in the image\./,
    );
    assert.equal(reached, false);
  });

  it("leaves the namespace where the test continues in another place", async () => {
    const { done, steps } = await clean({ roles: ["producer"] }, request, "leave");
    assert.deepEqual(done, ["delete fuse-producer", ...JANITOR]);
    assert.deepEqual(steps, ["remove the pods", "clean the node"]);
  });

  it("touches nothing of another stack, and says whose it is", async () => {
    const others: [Imagined, CleanRequest, RegExp][] = [
      [{ owner: "other-2", roles: ROLES }, request, /belongs to the stack other-2/],
      [{ owner: "kept", programs: "other-2", roles: ROLES }, kept, /belongs to the stack other-2/],
      [{ owner: "kept", roles: ROLES }, request, /belongs to the stack kept/],
    ];
    for (const [scene, wanted, said] of others) {
      const { done, printed, reached } = await clean(scene, wanted);
      assert.deepEqual([done, reached], [[], true]);
      assert.match(printed.join("\n"), said);
    }
  });

  it("of a namespace that is kept removes the test in it, and leaves the namespace", async () => {
    const { done, reached } = await clean({ owner: "kept", programs: "local-1", roles: ["consumer"] }, kept);
    assert.deepEqual(done, ["delete fuse-consumer", ...JANITOR, "delete programs"]);
    assert.equal(reached, true);
  });

  it("without a stack cleans after any, but in no namespace that is not the test's", async () => {
    const any = { ...request, owner: undefined };
    assert.equal((await clean({ owner: "other-2" }, any)).reached, true);
    const { done, reached } = await clean({ owner: "kept" }, any);
    assert.deepEqual([done, reached], [[...JANITOR, "delete programs"], true]);
  });
});

describe("the janitor of a cleanup", () => {
  it("is given the runs that have just ended, and those in progress in other namespaces", async () => {
    const { cluster, janitors } = imagine({ roles: ROLES, elsewhere: ["r7", "r8"] });
    const options = { namespace: "remove", print: () => undefined, step: () => undefined } as const;
    await cleanUpOn(cluster, request, options);
    assert.deepEqual(janitors, ["RUNS=- r1", "KEEP=- r7 r8"]);
  });

  it("is given none as ended whose end the node did not confirm", async () => {
    const { cluster, janitors } = imagine({ roles: ["consumer"], stubborn: ["consumer"] });
    const options = { namespace: "remove", print: () => undefined, step: () => undefined } as const;
    await cleanUpOn(cluster, request, options);
    assert.deepEqual(janitors, ["RUNS=-", "KEEP=-"]);
  });
});

describe("a place", () => {
  it("is another one with another namespace, node or directory, and with nothing else", () => {
    assert.equal(isSamePlace(request, { ...request, image: "other", owner: "o", kubeconfig: "/k" }), true);
    for (const other of [{ namespace: "n" }, { node: "w1" }, { hostPath: "/tmp/other" }])
      assert.equal(isSamePlace(request, { ...request, ...other }), false);
  });
});
