import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueKubeconfig } from "../../../tools/cluster";
import type { ClusterDescriptor } from "../../../tools/cluster/descriptor";
import { DEPLOYERS, deployerManifests, rightsManifests } from "../../../policy/admission/deployer";
import { guardManifests } from "../../../policy/admission/guard";
import { ordinary, producer } from "../../policy/cases/fixtures";
import { type Api, openApi } from "../../support/api";
import { sceneOf } from "../../support/bench";
import { testCluster } from "../../support/cluster";
import { untilGuarded } from "../../support/guard";
import { leftovers } from "../../support/leftovers";
import { testStack, type TestStack } from "../../support/stack";
import { untilAccount } from "../../support/waiting";

const gitops = join(__dirname, "..", "..", "..", "gitops");
const inTest = ["--namespace", "fuse-test"];
const apply = ["apply", "--server-side", "--force-conflicts", "--dry-run=server", "-f", "-"];
const remove = ["delete", "--dry-run=server"];
const [guard] = guardManifests();
const [role, roleBinding] = rightsManifests();

function relabelled(name: string, labels: Readonly<Record<string, string>>) {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

interface Attempt {
  readonly what: string;
  readonly args: readonly string[];
  readonly input?: unknown;
  /** Part of the API server's message about the denied request. */
  readonly cannot: string;
}

const create = ["create", "--dry-run=server", "--validate=false", "-f", "-"];

/** Requests that a deployer might try. None of them is carried out. */
const attempts: readonly Attempt[] = [
  {
    what: "make a pod in another namespace",
    args: create,
    input: ordinary(),
    cannot: 'create resource "pods" in API group "" in the namespace "default"',
  },
  {
    what: "apply a pod of the test in another namespace",
    args: apply,
    input: { ...producer, metadata: { ...producer.metadata, namespace: "kube-system" } },
    cannot: 'patch resource "pods" in API group "" in the namespace "kube-system"',
  },
  {
    what: "list the pods of all namespaces",
    args: ["get", "pods", "--all-namespaces"],
    cannot: 'list resource "pods" in API group "" at the cluster scope',
  },
  {
    what: "weaken the guard",
    args: apply,
    input: guard && { ...guard.policy, spec: { ...guard.policy.spec, failurePolicy: "Ignore" } },
    cannot: 'patch resource "validatingadmissionpolicies"',
  },
  {
    what: "unbind the guard by an edit",
    args: apply,
    input: guard && { ...guard.binding, spec: { ...guard.binding.spec, validationActions: ["Audit"] } },
    cannot: 'patch resource "validatingadmissionpolicybindings"',
  },
  {
    what: "delete the guard",
    args: [...remove, "validatingadmissionpolicy", "fuse-test-pods"],
    cannot: 'delete resource "validatingadmissionpolicies"',
  },
  {
    what: "delete the guard's binding",
    args: [...remove, "validatingadmissionpolicybinding", "fuse-test-pods"],
    cannot: 'delete resource "validatingadmissionpolicybindings"',
  },
  {
    what: "read secrets of the test's namespace",
    args: [...inTest, "get", "secrets"],
    cannot: 'list resource "secrets" in API group "" in the namespace "fuse-test"',
  },
  {
    what: "read one secret elsewhere",
    args: ["--namespace", "kube-system", "get", "secret", "x"],
    cannot: 'get resource "secrets" in API group "" in the namespace "kube-system"',
  },
  {
    what: "get a service account's token",
    args: [...inTest, "create", "token", "default"],
    cannot: 'create resource "serviceaccounts/token"',
  },
  {
    what: "bind a bigger role in the test's namespace",
    args: create,
    input: {
      ...roleBinding,
      metadata: { name: "more", namespace: "fuse-test" },
      roleRef: { ...roleBinding.roleRef, kind: "ClusterRole", name: "cluster-admin" },
    },
    cannot: 'create resource "rolebindings"',
  },
  {
    what: "bind a bigger role in the cluster",
    args: create,
    input: {
      ...roleBinding,
      kind: "ClusterRoleBinding",
      metadata: { name: "more" },
      roleRef: { ...roleBinding.roleRef, kind: "ClusterRole", name: "cluster-admin" },
    },
    cannot: 'create resource "clusterrolebindings"',
  },
  {
    what: "widen the own role",
    args: apply,
    input: { ...role, rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] },
    cannot: 'patch resource "roles"',
  },
  {
    what: "act as another user",
    args: ["--as", "fuse-test-admin", "--as-group", "system:masters", "get", "nodes"],
    cannot: 'impersonate resource "users"',
  },
  {
    what: "relabel the test's node",
    args: apply,
    input: { apiVersion: "v1", kind: "Node", metadata: { name: "w2", labels: { x: "y" } } },
    cannot: 'patch resource "nodes"',
  },
  { what: "list the nodes", args: ["get", "nodes"], cannot: 'list resource "nodes"' },
  { what: "look at another node", args: ["get", "node", "w1"], cannot: 'get resource "nodes"' },
  {
    what: "make a namespace",
    args: create,
    input: relabelled("fuse-test-2", { "pod-security.kubernetes.io/enforce": "privileged" }),
    cannot: 'create resource "namespaces"',
  },
  {
    what: "relabel the test's namespace",
    args: apply,
    input: relabelled("fuse-test", { "kubernetes.io/metadata.name": "other" }),
    cannot: 'patch resource "namespaces"',
  },
  {
    what: "delete the test's namespace",
    args: [...remove, "namespace", "fuse-test"],
    cannot: 'delete resource "namespaces"',
  },
  {
    what: "lift the quota",
    args: [...inTest, ...remove, "resourcequota", "fuse-test"],
    cannot: 'delete resource "resourcequotas"',
  },
  {
    what: "open the network",
    args: [...inTest, ...remove, "networkpolicy", "deny-all"],
    cannot: 'delete resource "networkpolicies"',
  },
  {
    what: "delete a pod that is none of the test's",
    args: [...inTest, ...remove, "pod", "web"],
    cannot: 'delete resource "pods"',
  },
  {
    what: "make a deployment",
    args: [...inTest, "create", "deployment", "web", "--image", "x", "--dry-run=server"],
    cannot: 'create resource "deployments"',
  },
];

describe("Whoever has the deployer's rights alone", function () {
  this.timeout(240_000);
  let cluster: ClusterDescriptor;
  let admin: Api;
  let deployer: Api;
  let folder: string;
  let stack: TestStack;
  let objectsBefore: string;
  let settings: Readonly<Record<string, unknown>>;

  /** All objects in the namespace except records such as events. */
  async function objects(): Promise<string> {
    const kinds = "pods,configmaps,secrets,serviceaccounts,resourcequotas,networkpolicies,roles,rolebindings";
    const { allowed, message } = await admin.kubectl([...inTest, "get", kinds, "--output", "name"]);
    assert.equal(allowed, true, message);
    return message;
  }

  before(async () => {
    cluster = await testCluster();
    admin = openApi(cluster.kubeconfig);
    for (const part of ["deployer", "guard"]) {
      const { allowed, message } = await admin.kubectl(["apply", "--server-side", "-k", join(gitops, part)]);
      assert.equal(allowed, true, message);
    }
    await untilAccount(sceneOf(cluster, { name: "any" }).core, "fuse-test", 30);
    await untilGuarded(admin);
    folder = mkdtempSync(join(tmpdir(), "fuse-test-deployer-"));
    const kubeconfig = join(folder, "kubeconfig");
    const user = { user: "somebody", groups: [DEPLOYERS], validSeconds: 900 };
    writeFileSync(kubeconfig, await issueKubeconfig({ name: cluster.name, ...user }), { mode: 0o600 });
    deployer = openApi(kubeconfig);
    settings = {
      cluster: "kubeconfig",
      kubeconfig,
      image: cluster.image,
      keepNamespace: true,
      // The guard is the administrator's: a deployer has no right to create it.
      guard: false,
      suite: "quick",
    };
    stack = await testStack();
    stack.configure({ ...settings, run: "deployed" });
    objectsBefore = await objects();
  });

  after(async () => {
    await stack.remove();
    for (const part of ["guard", "deployer"]) {
      const { allowed, message } = await admin.kubectl([
        "delete",
        "--ignore-not-found",
        "-k",
        join(gitops, part),
      ]);
      assert.equal(allowed, true, message);
    }
    rmSync(folder, { recursive: true });
  });

  it("runs the whole test under the guard, with SUCCESS and the data of its node", async () => {
    const { verdict, summary, run } = await stack.up();
    assert.equal(verdict, "SUCCESS", summary);
    assert.deepEqual([run.id, run.node, run.kubelet], ["deployed", "w2", "v1.34.4"]);
  });

  it("is informed whose test is in the namespace that is kept for all, and touches nothing of it", async () => {
    const pods = [...inTest, "get", "pods", "--output", "jsonpath={.items[*].metadata.uid}"];
    const before = await admin.kubectl(pods);
    const other = await testStack();
    other.configure({ ...settings, run: "another" });
    const { code, stdout, stderr } = await other.pulumi("up", "--yes", "--skip-preview");
    assert.notEqual(code, 0);
    assert.match(
      stdout + stderr,
      /the test in the namespace fuse-test is another's: it belongs to the stack local-[0-9a-f]{8}, and this one is local-[0-9a-f]{8}\. Nothing in it was changed\. Destroy that stack in the checkout that deployed it; if its state is lost, run: npm run clean/,
    );
    await other.remove();
    assert.deepEqual(await admin.kubectl(pods), before);
  });

  it("cannot get into the privileged producer", async () => {
    const inside = [...inTest, "exec", "fuse-producer", "--", "true"];
    assert.match((await deployer.kubectl(inside)).message, /cannot create resource "pods\/exec"/);
    const debugging = [...inTest, "debug", "fuse-producer", "--image", cluster.image];
    assert.match(
      (await deployer.kubectl(debugging)).message,
      /cannot patch resource "pods\/ephemeralcontainers"/,
    );
  });

  it("nor can an administrator, for whom the guard is in the way", async () => {
    const debug = ["debug", "fuse-producer", "--image", cluster.image, "--image-pull-policy", "Never"];
    for (const args of [debug, ["label", "pod", "fuse-consumer", "fuse-test/role-"]]) {
      const { allowed, message } = await admin.kubectl([...inTest, ...args]);
      assert.equal(allowed, false, message);
      assert.match(message, /ValidatingAdmissionPolicy 'fuse-test-pods'.* denied/);
    }
    const bound = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name: "fuse-consumer" },
      target: { kind: "Node", name: "w1" },
    };
    const path = "/api/v1/namespaces/fuse-test/pods/fuse-consumer/binding";
    const { allowed, message } = await admin.kubectl(["create", "--raw", path, "-f", "-"], bound);
    assert.equal(allowed, false, message);
    assert.match(message, /ValidatingAdmissionPolicy 'fuse-test-nothing-else'.* denied/);
  });

  for (const { what, args, input, cannot } of attempts) {
    it(`cannot ${what}`, async () => {
      const { allowed, message } = await deployer.kubectl(args, input);
      assert.equal(allowed, false, message);
      assert.ok(message.includes(`cannot ${cannot}`), message);
    });
  }

  it("cannot create another pod in the test's namespace: RBAC cannot express this, and the guard enforces it", async () => {
    const { allowed, message } = await deployer.dryRun(ordinary({}, "fuse-test"));
    assert.equal(allowed, false);
    assert.match(message, /ValidatingAdmissionPolicy 'fuse-test-pods'.* denied/);
  });

  it("is the only one to be refused: an administrator may do all of it", async () => {
    for (const object of deployerManifests().slice(1, 5)) {
      const { allowed, message } = await admin.kubectl(apply, object);
      assert.equal(allowed, true, message);
    }
  });

  it("removes everything except what existed before", async () => {
    const destroyed = await stack.pulumi("destroy", "--yes", "--skip-preview");
    assert.equal(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
    assert.equal(await objects(), objectsBefore);
    assert.deepEqual(await leftovers(cluster.name), {
      mounts: [],
      directories: [],
      objects: ["Namespace/fuse-test"],
      processes: [],
    });
  });
});
