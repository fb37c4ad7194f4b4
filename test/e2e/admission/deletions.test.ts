import assert from "node:assert/strict";
import { guardManifests } from "../../../policy/admission/guard";
import { namespaceManifest } from "../../../manifests/namespace";
import { kindOf, templateOf } from "../../../policy/rules/kinds";
import { carriers, foreignTest } from "../../policy/cases/fixtures";
import { type Api, openApi } from "../../support/api";
import { testCluster } from "../../support/cluster";
import { untilGuarded } from "../../support/guard";

const PROPAGATIONS = ["foreground", "background", "orphan"] as const;
const FINALIZER = "example.com/test";

function listOf(items: readonly unknown[]) {
  return { apiVersion: "v1", kind: "List", items };
}

const guard = listOf(guardManifests().flatMap(({ policy, binding }) => [policy, binding]));
const namespaces = listOf([
  namespaceManifest("fuse-test", "admission"),
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "fuse-test-2", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
  },
]);

const claim = {
  spec: { devices: { requests: [{ name: "d", exactly: { deviceClassName: "fuse.example.com" } }] } },
};

/** A kind that the guard judges, with content that it refuses. */
interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  /** The namespace in which the guard refuses it; absent for a cluster-scoped kind. */
  readonly namespaces: readonly string[];
  readonly content: Record<string, unknown>;
}

const both = ["fuse-test", "fuse-test-2"];

/** Workloads that create no pods, so that only the object itself can block its deletion. */
const idle: readonly Kind[] = carriers.map(({ type, wrap }) => {
  const nowhere = { ...foreignTest, nodeSelector: { "fuse-test.example.com/none": "x" } };
  const { apiVersion, kind, metadata, spec, ...rest } = wrap(nowhere, "x") as Record<string, unknown>;
  const still = { replicas: 0, suspend: true, parallelism: 0 };
  assert.equal(typeof kind, "string", type);
  assert.ok(metadata);
  return {
    apiVersion: String(apiVersion),
    kind: String(kind),
    namespaces: both,
    content: spec === undefined ? rest : { spec: { ...spec, ...still } },
  };
});

const kinds: readonly Kind[] = [
  ...idle,
  {
    apiVersion: "v1",
    kind: "Pod",
    namespaces: both,
    content: { spec: { ...foreignTest, schedulerName: "nobody" } },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    namespaces: ["fuse-test"],
    content: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
  },
  { apiVersion: "resource.k8s.io/v1", kind: "ResourceClaim", namespaces: both, content: claim },
  {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceClaimTemplate",
    namespaces: both,
    content: { spec: claim },
  },
  { apiVersion: "resource.k8s.io/v1", kind: "DeviceClass", namespaces: [], content: { spec: {} } },
  {
    apiVersion: "v1",
    kind: "PersistentVolume",
    namespaces: [],
    content: {
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteMany"],
        hostPath: { path: "/tmp/fuse-test-bridge" },
      },
    },
  },
];

/** Kinds that create no pods. */
const notIdle = kinds.filter((kind) => !idle.includes(kind));

/** Kinds that Kubernetes keeps for as long as they are used. The controllers that release them do not run here. */
const PROTECTED = ["PersistentVolume", "PersistentVolumeClaim"];

/** The objects that are deleted in one way. */
function objects(name: string, some = kinds): unknown[] {
  return some.flatMap(({ apiVersion, kind, namespaces: where, content }) => {
    const metadata = { name: `fuse-${name}`, finalizers: [FINALIZER] };
    const places = where.length === 0 ? [metadata] : where.map((namespace) => ({ ...metadata, namespace }));
    return places.map((place) => ({ apiVersion, kind, metadata: place, ...content }));
  });
}

describe("What was there before the guard", function () {
  this.timeout(600_000);
  let api: Api;

  async function kubectl(args: readonly string[], input?: unknown): Promise<string> {
    const { allowed, message } = await api.kubectl(args, input);
    assert.equal(allowed, true, message);
    return message;
  }

  /** Asserts that the guard refuses a request for each of some objects. */
  async function refused(args: readonly string[], some: readonly unknown[]): Promise<void> {
    for (const one of some) {
      const { allowed, message } = await api.kubectl(args, one);
      assert.equal(allowed, false, JSON.stringify(one));
      assert.match(message, /ValidatingAdmissionPolicy '[^']+' with binding/);
    }
  }

  before(async () => {
    api = openApi((await testCluster()).kubeconfig);
    await kubectl(["apply", "--server-side", "-f", "-"], namespaces);
    await kubectl(
      ["create", "--validate=false", "-f", "-"],
      listOf(PROPAGATIONS.flatMap((name) => objects(name))),
    );
    await kubectl(["apply", "--server-side", "-f", "-"], guard);
    await untilGuarded(api);
  });

  after(async () => {
    await api.kubectl(["delete", "--ignore-not-found", "-f", "-"], guard);
    await api.kubectl(["delete", "--ignore-not-found", "--wait=false", "-f", "-"], namespaces);
  });

  it("cannot be made any more", async () => {
    await refused(["create", "--dry-run=server", "--validate=false", "-f", "-"], objects("new"));
  });

  it("cannot be given another finalizer, nor other labels or annotations", async () => {
    for (const metadata of [
      { finalizers: [FINALIZER, "example.com/more"] },
      { labels: { a: "b" } },
      { annotations: { a: "b" } },
    ]) {
      await refused(
        ["patch", "--type=merge", "-p", JSON.stringify({ metadata }), "-f", "-"],
        objects("orphan", notIdle),
      );
    }
  });

  it("can be changed in all but its template if it makes pods, as its controller does", async () => {
    for (const metadata of [{ labels: { a: "b" } }, { annotations: { a: "b" } }]) {
      await kubectl(
        ["patch", "--type=merge", "-p", JSON.stringify({ metadata }), "-f", "-"],
        listOf(objects("orphan", idle)),
      );
    }
    const scaled = idle.filter(({ kind }) => ["ReplicaSet", "Deployment", "StatefulSet"].includes(kind));
    for (const spec of [{ replicas: 0, minReadySeconds: 1 }]) {
      await kubectl(
        ["patch", "--type=merge", "-p", JSON.stringify({ spec }), "-f", "-"],
        listOf(objects("orphan", scaled)),
      );
    }
  });

  it("cannot be given another template that is refused, too", async () => {
    for (const kind of idle) {
      // Their templates cannot be changed at all.
      if (["Job", "ControllerRevision"].includes(kind.kind)) continue;
      const path = templateOf(kindOf(kind.apiVersion, kind.kind)) ?? [];
      const template = { metadata: { annotations: { a: "b" } } };
      const patch = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), template);
      await refused(
        ["patch", "--type=merge", "-p", JSON.stringify(patch), "-f", "-"],
        objects("orphan", [kind]),
      );
    }
  });

  for (const propagation of PROPAGATIONS) {
    it(`can be deleted, whatever it is and whatever finalizers it has: ${propagation}`, async () => {
      const some = listOf(objects(propagation));
      await kubectl(["delete", `--cascade=${propagation}`, "--wait=false", "-f", "-"], some);
      const path = "/metadata/finalizers/0";
      const patch = [
        { op: "test", path, value: FINALIZER },
        { op: "remove", path },
      ];
      await kubectl(["patch", "--type=json", "-p", JSON.stringify(patch), "-f", "-"], some);
      const kept = listOf(
        objects(
          propagation,
          kinds.filter(({ kind }) => PROTECTED.includes(kind)),
        ),
      );
      const release = JSON.stringify([{ op: "remove", path }]);
      await kubectl(["patch", "--type=json", "-p", release, "-f", "-"], kept);
      await kubectl(["wait", "--for=delete", "--timeout=60s", "-f", "-"], some);
    });
  }

  it("goes with its namespace, and what its owner left behind with it", async () => {
    await kubectl(["delete", "--timeout=120s", "-f", "-"], namespaces);
  });
});
