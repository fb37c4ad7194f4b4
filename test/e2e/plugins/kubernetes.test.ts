import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { kubernetesBin } from "../../../toolchain/paths";
import { testCluster } from "../../support/cluster";
import { until } from "../../support/waiting";
import { type Project, project } from "./project";

const NAMESPACE = "plugin-test";
const UP = ["up", "--yes", "--skip-preview"];
const run = promisify(execFile);

/** What the program declares, beyond its namespace. */
interface Declared {
  readonly kubeconfig: string;
  readonly data?: string;
  readonly argument?: string;
  readonly mutable?: boolean;
  readonly force?: boolean;
  /** The annotation by which the pod is not waited for. */
  readonly awaiting?: string;
}

/** Keeps a deleted pod in the API for as long as the test wants it there. */
const FINALIZER = "fuse-test.example/hold";

function program({
  kubeconfig,
  data = "1",
  argument = "1",
  mutable = false,
  force = false,
  awaiting = '"pulumi.com/waitFor": "jsonpath={.metadata.uid}"',
}: Declared): string {
  return `
    import * as k8s from "@pulumi/kubernetes";
    import { secret } from "@pulumi/pulumi";
    const provider = new k8s.Provider("p", {
      kubeconfig: ${JSON.stringify(kubeconfig)},
      enableConfigMapMutable: ${mutable},
    });
    const space = new k8s.core.v1.Namespace("n", { metadata: { name: "${NAMESPACE}" } }, { provider });
    const namespace = space.metadata.name;
    const map = new k8s.core.v1.ConfigMap("c", {
      metadata: { name: "map", namespace, annotations: { "pulumi.com/patchForce": "${force}" } },
      data: { "a.sh": "${data}" },
    }, { provider });
    new k8s.core.v1.Secret("s", { metadata: { name: "secret", namespace }, stringData: { a: secret("hidden-word") } }, { provider });
    const pod = new k8s.core.v1.Pod("pod", {
      metadata: { name: "pod", namespace, annotations: { ${awaiting} } },
      spec: {
        nodeSelector: { "plugin-test": "no-such-node" },
        tolerations: [{ key: "a", operator: "Exists" }],
        containers: [{
          name: "c", image: "none", args: ["${argument}"],
          resources: { limits: { cpu: "0.1", memory: "64Mi" } },
          volumeMounts: [{ name: "d", mountPath: "/d" }],
        }],
        volumes: [{ name: "d", emptyDir: {} }],
      },
    }, { provider });
    export const podUid = pod.metadata.uid;
    export const mapUid = map.metadata.uid;
    export const phase = pod.status.phase;
  `;
}

describe("the kubernetes provider", function () {
  this.timeout(180_000);
  let kubeconfig: string;
  let tiny: Project;

  const kubectl = async (...args: string[]): Promise<string> => {
    const { stdout } = await run(join(kubernetesBin(), "kubectl"), ["--kubeconfig", kubeconfig, ...args]);
    return stdout.trim();
  };
  const declare = (declared: Partial<Declared> = {}): void => {
    tiny.write(program({ kubeconfig, ...declared }));
  };

  /** Keeps the pod in the API when it is deleted. */
  const hold = async (): Promise<void> => {
    const patch = JSON.stringify({ metadata: { finalizers: [FINALIZER] } });
    await kubectl("-n", NAMESPACE, "patch", "pod", "pod", "-p", patch);
  };
  const deletionTimestamp = (): Promise<string> =>
    kubectl("-n", NAMESPACE, "get", "pod", "pod", "-o", "jsonpath={.metadata.deletionTimestamp}");
  const untilDeleted = (): Promise<void> =>
    until("the pod is deleted", 60, async () => (await deletionTimestamp()) !== "");

  before(async () => {
    ({ kubeconfig } = await testCluster());
    tiny = await project();
  });

  after(async () => {
    await kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found");
    tiny.remove();
  });

  it("previews creations on a cluster that cannot be reached, and fails to create there", async () => {
    declare({ kubeconfig: "/nonexistent/kubeconfig" });
    assert.match(await tiny.succeed("preview"), /\+ 6 to create/u);
    const { code, printed } = await tiny.pulumi(...UP);
    assert.notEqual(code, 0);
    assert.match(printed, /configured Kubernetes cluster is unreachable/u);
  });

  it("creates nothing in a preview", async () => {
    declare();
    await tiny.succeed("preview");
    assert.equal(await kubectl("get", "namespace", NAMESPACE, "--ignore-not-found"), "");
  });

  it("creates objects, then sees that nothing changes, before and after a refresh", async () => {
    await tiny.succeed(...UP);
    assert.equal((await tiny.outputs()).phase, "Pending");
    await tiny.succeed(...UP, "--expect-no-changes");
    await tiny.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await tiny.succeed(...UP, "--expect-no-changes");
  });

  it("keeps secrets secret", async () => {
    const state = await tiny.succeed("stack", "export");
    assert.equal(state.includes("hidden-word"), false);
    assert.equal(state.includes(Buffer.from("hidden-word").toString("base64")), false);
  });

  it("replaces a ConfigMap by default, and updates it in place where that is allowed", async () => {
    const { mapUid } = await tiny.outputs();
    declare({ data: "2" });
    assert.match(await tiny.succeed(...UP), /\+-1 replaced/u);
    const replaced = (await tiny.outputs()).mapUid;
    assert.notEqual(replaced, mapUid);
    declare({ data: "3", mutable: true });
    await tiny.succeed(...UP);
    assert.equal((await tiny.outputs()).mapUid, replaced);
    assert.equal(
      await kubectl("-n", NAMESPACE, "get", "configmap", "map", "-o", "jsonpath={.data.a\\.sh}"),
      "3",
    );
  });

  it("does not take over what another one manages, unless told to", async () => {
    await kubectl("-n", NAMESPACE, "patch", "configmap", "map", "-p", '{"data":{"a.sh":"theirs"}}');
    declare({ data: "4", mutable: true });
    const { code, printed } = await tiny.pulumi(...UP);
    assert.notEqual(code, 0);
    assert.match(printed, /conflict with "kubectl-patch"/u);
    declare({ data: "4", mutable: true, force: true });
    await tiny.succeed(...UP);
    assert.equal(
      await kubectl("-n", NAMESPACE, "get", "configmap", "map", "-o", "jsonpath={.data.a\\.sh}"),
      "4",
    );
  });

  it("replaces a pod whose arguments change", async () => {
    const { podUid } = await tiny.outputs();
    declare({ data: "4", mutable: true, force: true, argument: "2" });
    assert.match(await tiny.succeed(...UP), /\+-1 replaced/u);
    const after = (await tiny.outputs()).podUid;
    assert.notEqual(after, podUid);
    assert.equal(
      await kubectl("-n", NAMESPACE, "get", "pod", "pod", "-o", "jsonpath={.metadata.uid}"),
      after,
    );
  });

  it("makes again what was deleted by hand", async () => {
    await kubectl("delete", "namespace", NAMESPACE);
    assert.match(await tiny.succeed("refresh", "--yes", "--skip-preview"), /- 4 deleted/u);
    assert.match(await tiny.succeed(...UP), /\+ 4 created/u);
  });

  it("does not take over an object that is there already", async () => {
    tiny.write(`${program({ kubeconfig, data: "4", mutable: true, force: true, argument: "2" })}
      new k8s.core.v1.Namespace("other", { metadata: { name: "default" } }, { provider });
    `);
    const { code, printed } = await tiny.pulumi(...UP);
    assert.notEqual(code, 0);
    assert.match(printed, /Namespace default already exists in the cluster/u);
  });

  it("waits until a deleted pod is gone", async () => {
    await hold();
    const destroyed = tiny.succeed("destroy", "--yes", "--skip-preview");
    const waiting = await Promise.race([destroyed.then(() => "ended"), untilDeleted().then(() => "deleted")]);
    assert.equal(waiting, "deleted");
    await kubectl("-n", NAMESPACE, "patch", "pod", "pod", "-p", '{"metadata":{"finalizers":null}}');
    await destroyed;
    assert.equal(await kubectl("get", "namespace", NAMESPACE, "--ignore-not-found"), "");
  });

  it("does not wait for a deleted pod that skips the waiting, as the official plugin does not", async () => {
    declare({ awaiting: '"pulumi.com/skipAwait": "true"' });
    await tiny.succeed(...UP);
    await hold();
    await tiny.succeed("destroy", "--yes", "--skip-preview", "--target", "**Pod::pod");
    assert.notEqual(await deletionTimestamp(), "");
    await kubectl("-n", NAMESPACE, "patch", "pod", "pod", "-p", '{"metadata":{"finalizers":null}}');
    await tiny.succeed("destroy", "--yes", "--skip-preview");
    assert.equal(await kubectl("get", "namespace", NAMESPACE, "--ignore-not-found"), "");
  });
});
