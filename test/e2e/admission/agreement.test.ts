import fc from "fast-check";
import assert from "node:assert/strict";
import { judgeInOrganization } from "../../../policy/rules/evaluate";
import { snapshot } from "../../../policy/rules/snapshot";
import { carriers, nginx, ordinary, POD } from "../../policy/cases/fixtures";
import { type Api, openApi } from "../../support/api";
import { testCluster } from "../../support/cluster";
import { applyGuard, removeGuard } from "../../support/guard";

/** One of some values: mostly the first, so that a manifest has one or two of the others. */
function mostly<T>(plain: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 3 * others.length, arbitrary: fc.constant(plain) }, fc.constantFrom(...others));
}

/** Number of manifests, and of requests at the same time. */
const MANIFESTS = 240;
const AT_ONCE = 4;

const path = fc
  .tuple(
    mostly("/srv", "/", "/tmp", "/dev", "/proc", "/proc/1/root", "/proc/77/cwd", "/var/lib/kubelet/pods"),
    mostly(
      "media",
      "",
      "fuse",
      "fuse-test-bridge",
      "./fuse-test-bridge//a",
      "char/10:229",
      "media",
      "fd/3",
      "1/ns",
    ),
  )
  .map((parts) => parts.join("/").replace(/\/$/, "") || "/");

const mount = fc
  .record({
    name: fc.constantFrom("a", "b"),
    mountPropagation: mostly<string | undefined>(undefined, "None", "HostToContainer", "Bidirectional"),
    subPath: mostly<string | undefined>(undefined, "fuse-test-bridge", "fuse", "media", "root/tmp"),
    subPathExpr: mostly<string | undefined>(undefined, "$(X)", "fuse-$(X)", "fuse-test-bridge"),
  })
  // Kubernetes takes but one of the two.
  .map((one) => (one.subPath === undefined ? one : { ...one, subPathExpr: undefined }));

const container = fc.record({
  image: mostly("nginx:1.29", "docker.io/rclone/rclone:1.71.2", "a".repeat(64), "example.com/sshfs:1"),
  privileged: mostly<boolean | undefined>(undefined, false, true),
  add: mostly<string[]>([], ["SYS_ADMIN"], ["cap_sys_admin"], ["NET_ADMIN", "ALL"]),
  resource: mostly<string | undefined>(undefined, "example.com/fuse", "example.com/gpu"),
  command: mostly<string[]>([], ["sleep", "9"], ["sh", "-c", "mergerfs /a /b"]),
  hook: mostly<string[] | undefined>(undefined, ["true"], ["rclone", "mount"]),
  variable: mostly<string | undefined>(undefined, "all", "example.com/fuse=a"),
  mounts: fc.uniqueArray(mount, { maxLength: 2, selector: ({ name }) => name }),
});

const source = fc.oneof(
  { weight: 4, arbitrary: path.map((one) => ({ hostPath: { path: one } })) },
  path.map((one) => ({ csi: { driver: "d.example.com", volumeAttributes: { path: one } } })),
  path.map((one) => ({ nfs: { server: "10.0.0.1", path: one } })),
  fc.constant({ emptyDir: {} }),
);

const spec = fc
  .record({ containers: fc.array(container, { minLength: 1, maxLength: 2 }), a: source, b: source })
  .map(({ containers, a, b }) => ({
    containers: containers.map(
      ({ image, privileged, add, resource, command, hook, variable, mounts }, at) => ({
        name: `${nginx.name}-${at}`,
        image,
        command,
        env: [
          { name: "X", value: "x" },
          ...(variable === undefined ? [] : [{ name: "NVIDIA_VISIBLE_DEVICES", value: variable }]),
        ],
        securityContext: { privileged: mounts.some(shares) ? true : privileged, capabilities: { add } },
        ...(resource === undefined ? {} : { resources: { limits: { [resource]: "1" } } }),
        ...(hook === undefined ? {} : { lifecycle: { postStart: { exec: { command: hook } } } }),
        volumeMounts: mounts.map((one, index) => ({ ...one, mountPath: `/m${index}` })),
      }),
    ),
    volumes: [
      { name: "a", ...a },
      { name: "b", ...b },
    ],
  }));

function shares({ mountPropagation }: { readonly mountPropagation: string | undefined }): boolean {
  return mountPropagation === "Bidirectional";
}

const metadata = fc.record({
  labels: mostly<Record<string, string>>(
    {},
    { "fuse-test/role": "x" },
    { "app.kubernetes.io/name": "fuse-test" },
    { a: "b" },
  ),
  annotations: mostly<Record<string, string>>(
    {},
    ...[{ a: "no fuse" }, { "devices.nri.io": "- path: /dev/fuse" }],
    ...[{ "cdi.k8s.io/a": "nvidia.com/gpu=all" }, { "io.kubernetes.cri-o.Devices": "/dev/char/10:229" }],
  ),
});

/** A pod, or an object whose controller creates it. */
const manifest = fc
  .tuple(spec, metadata, fc.constantFrom(undefined, ...carriers))
  .map(([inner, { labels, annotations }, carrier]) => {
    const pod = ordinary(inner);
    return carrier === undefined
      ? { type: POD, props: { ...pod, metadata: { ...pod.metadata, labels, annotations } } }
      : { type: carrier.type, props: carrier.wrap(inner, "default") };
  });

describe("The pack and the guard", function () {
  this.timeout(600_000);
  let api: Api;

  before(async () => {
    api = openApi((await testCluster()).kubeconfig);
    await applyGuard(api);
  });

  after(async () => {
    await removeGuard(api);
  });

  it("agree on whatever is made of the parts of a FUSE test", async () => {
    const some = fc.sample(manifest, { numRuns: MANIFESTS, seed: 14 });
    const said = { refused: 0, allowed: 0 };
    for (let start = 0; start < some.length; start += AT_ONCE) {
      await Promise.all(
        some.slice(start, start + AT_ONCE).map(async ({ type, props }) => {
          // A request has no field that is undefined.
          const sent: unknown = JSON.parse(JSON.stringify(props));
          const urn = `urn:pulumi:s::p::${type}::x`;
          const found = judgeInOrganization({
            type,
            name: "x",
            urn,
            props: snapshot(sent),
            ignoreChanges: [],
          });
          const { allowed, message } = await api.dryRun(sent);
          const expected = found.length === 0 ? "allowed" : "refused";
          assert.equal(allowed ? "allowed" : "refused", expected, `${message}\n${JSON.stringify(sent)}`);
          if (!allowed) assert.match(message, /ValidatingAdmissionPolicy '[^']+' with binding/);
          said[expected] += 1;
        }),
      );
    }
    assert.ok(said.refused > MANIFESTS / 5 && said.allowed > MANIFESTS / 10, JSON.stringify(said));
  });
});
