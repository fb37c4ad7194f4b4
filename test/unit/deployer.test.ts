import assert from "node:assert/strict";
import { deployerManifests, rightsManifests } from "../../policy/admission/deployer";

const [role, roleBinding, clusterRole, clusterRoleBinding] = rightsManifests();
const pods = [
  "fuse-producer",
  "fuse-consumer",
  "fuse-control",
  "fuse-cleaner",
  "fuse-examination-producer",
  "fuse-examination-consumer",
  "fuse-janitor",
];
const programs = ["fuse-test-programs", "fuse-test-janitor"];

function core(verbs: readonly string[], resource: string, resourceNames?: readonly string[]) {
  const rule = { apiGroups: [""], resources: [resource], verbs };
  return resourceNames === undefined ? rule : { ...rule, resourceNames };
}

describe("the deployer's rights", () => {
  it("are in the test's namespace exactly what the program does there", () => {
    assert.deepEqual(role.rules, [
      core(["create", "list", "watch"], "pods"),
      core(["get", "patch", "delete"], "pods", pods),
      core(["get"], "pods/log"),
      core(["create"], "pods/eviction", pods),
      core(["create", "list", "watch"], "configmaps"),
      core(["get", "patch", "delete"], "configmaps", programs),
      { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "list", "watch"] },
      { ...core(["get", "patch", "delete"], "jobs", ["fuse-consumer"]), apiGroups: ["batch"] },
      core(["list", "watch"], "events"),
      core(["get"], "namespaces", ["fuse-test"]),
    ]);
    assert.deepEqual(role.metadata.namespace, "fuse-test");
  });

  it("are in the rest of the cluster a look at the test's node alone", () => {
    assert.deepEqual(clusterRole.rules, [core(["get"], "nodes", ["w2", "k3s-w2"])]);
  });

  it("are bound to one group, each role by the binding of its name", () => {
    for (const [binding, kind] of [
      [roleBinding, "Role"],
      [clusterRoleBinding, "ClusterRole"],
    ] as const) {
      assert.deepEqual(binding.roleRef, {
        apiGroup: "rbac.authorization.k8s.io",
        kind,
        name: "fuse-test-deployer",
      });
      assert.deepEqual(binding.subjects, [
        { kind: "Group", name: "fuse-test-deployers", apiGroup: "rbac.authorization.k8s.io" },
      ]);
    }
    assert.equal(roleBinding.metadata.namespace, "fuse-test");
  });

  it("come with the namespace, its quota and its network policy, in which the deployer may change nothing", () => {
    assert.deepEqual(
      deployerManifests().map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      [
        "Namespace fuse-test",
        "ResourceQuota fuse-test",
        "NetworkPolicy deny-all",
        "Role fuse-test-deployer",
        "RoleBinding fuse-test-deployer",
        "ClusterRole fuse-test-deployer",
        "ClusterRoleBinding fuse-test-deployer",
      ],
    );
    const touched = [...role.rules, ...clusterRole.rules].flatMap(({ resources }) => resources);
    for (const resource of ["resourcequotas", "networkpolicies", "roles", "rolebindings"]) {
      assert.equal(touched.includes(resource), false, resource);
    }
  });
});
