import assert from "node:assert/strict";
import { parse } from "yaml";
import { FLUX_NAMESPACE } from "../../../gitops/flux";
import { DEPLOYER, deployerManifests, rightsManifests } from "../../../policy/admission/deployer";
import { type Api, openApi } from "../../support/api";
import { clusterApi } from "../../support/clients";
import { testCluster } from "../../support/cluster";
import { assertNothingLeft } from "../../support/leftovers";
import { type Files, FOLDER, renderedFor } from "../../support/rendered";
import { E2E_CLUSTER } from "../../support/names";
import { until } from "../../support/waiting";

const NAMESPACES = ["fuse-test", FLUX_NAMESPACE, "default", "kube-system"] as const;

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** Returns what is rendered for Flux's namespace and the test's, without Flux's own kinds. */
function administratorsObjects(files: Files): { kind: string; metadata: { name: string } }[] {
  return Object.entries(files)
    .filter(([path]) => path.startsWith(`${FOLDER}/flux/`) && !/\/kustomization(-|\.)/.test(path))
    .map(([, text]) => parse(text) as { kind: string; metadata: { name: string } });
}

/** Returns single rights, sorted: one verb on one kind of one group, with the name that limits it. */
function rightsOf(rules: readonly Rule[]): string[] {
  const each = rules.flatMap(({ verbs, apiGroups = [], resources = [], resourceNames = ["*"] }) =>
    verbs.flatMap((verb) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => resourceNames.map((name) => `${verb} ${resource}.${group}/${name}`)),
      ),
    ),
  );
  return [...new Set(each)].sort();
}

describe("the service account of Flux's Kustomization", function () {
  this.timeout(180_000);
  let api: Api;
  let objects: object;

  before(async () => {
    const cluster = await testCluster();
    api = openApi(cluster.kubeconfig);
    const rendered = administratorsObjects(renderedFor("flux", cluster, "s1"));
    const kinds = rendered.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    assert.equal(kinds.length, 1 + deployerManifests().length, kinds.join());
    objects = { apiVersion: "v1", kind: "List", items: rendered };
    await clusterApi().createNamespace({ body: { metadata: { name: FLUX_NAMESPACE } } });
    const { allowed, message } = await api.kubectl(["apply", "--server-side", "-f", "-"], objects);
    assert.equal(allowed, true, message);
  });

  after(async () => {
    await api.kubectl(["delete", "--ignore-not-found", "-f", "-"], objects);
    await clusterApi().deleteNamespace({ name: FLUX_NAMESPACE });
    await until(`namespace ${FLUX_NAMESPACE} is gone`, 60, async () => {
      const { items } = await clusterApi().listNamespace({
        fieldSelector: `metadata.name=${FLUX_NAMESPACE}`,
      });
      return items.length === 0;
    });
    await assertNothingLeft(E2E_CLUSTER, "");
  });

  /** Runs kubectl with the rights of a service account of Flux's namespace. */
  const as = (account: string, args: readonly string[], input?: unknown) =>
    api.kubectl([...args, "--as", `system:serviceaccount:${FLUX_NAMESPACE}:${account}`], input);

  /** Asks the API server which rights a service account has in a namespace. */
  async function rightsIn(namespace: string, account: string): Promise<string[]> {
    const review = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectRulesReview",
      spec: { namespace },
    };
    const { allowed, message } = await as(
      account,
      ["create", "--validate=false", "-f", "-", "--output", "json"],
      review,
    );
    assert.equal(allowed, true, message);
    const { status } = JSON.parse(message) as {
      status: { incomplete: boolean; resourceRules: readonly Rule[]; nonResourceRules: readonly Rule[] };
    };
    assert.equal(status.incomplete, false);
    const urls = status.nonResourceRules.flatMap(({ verbs, nonResourceURLs = [] }) =>
      verbs.flatMap((verb) => nonResourceURLs.map((url) => `${verb} ${url}`)),
    );
    return [...rightsOf(status.resourceRules), ...urls];
  }

  it("has the deployer's rights beside those of every service account, and no more, in every namespace", async () => {
    const [role, , clusterRole] = rightsManifests();
    for (const namespace of NAMESPACES) {
      const everybodys = await rightsIn(namespace, "default");
      const found = (await rightsIn(namespace, DEPLOYER)).filter((right) => !everybodys.includes(right));
      const rules = namespace === "fuse-test" ? [...role.rules, ...clusterRole.rules] : clusterRole.rules;
      assert.deepEqual(found.sort(), rightsOf(rules), namespace);
    }
  });

  const forbidden: readonly { what: string; args: readonly string[] }[] = [
    {
      what: "enter the producer",
      args: [
        "create",
        "--raw",
        "/api/v1/namespaces/fuse-test/pods/fuse-producer/exec?command=true",
        "-f",
        "-",
      ],
    },
    { what: "read secrets", args: ["-n", "fuse-test", "get", "secrets"] },
    { what: "read secrets of Flux", args: ["-n", FLUX_NAMESPACE, "get", "secrets"] },
    { what: "get a token", args: ["-n", FLUX_NAMESPACE, "create", "token", "default"] },
    { what: "delete the namespace", args: ["delete", "--dry-run=server", "namespace", "fuse-test"] },
    {
      what: "lift the quota",
      args: ["-n", "fuse-test", "delete", "--dry-run=server", "resourcequota", "fuse-test"],
    },
    {
      what: "lift the network policy",
      args: ["-n", "fuse-test", "delete", "--dry-run=server", "networkpolicies", "--all"],
    },
    {
      what: "widen its role",
      args: ["-n", "fuse-test", "patch", "--dry-run=server", "role", DEPLOYER, "--type=json", "-p", "[]"],
    },
    {
      what: "bind another role",
      args: [
        ...["-n", "fuse-test", "create", "--dry-run=server", "rolebinding", "more"],
        ...["--clusterrole=cluster-admin", `--serviceaccount=${FLUX_NAMESPACE}:${DEPLOYER}`],
      ],
    },
    {
      what: "make a pod elsewhere",
      args: ["-n", "default", "run", "web", "--image=web", "--dry-run=server"],
    },
    { what: "list nodes", args: ["get", "nodes"] },
    { what: "look at another node", args: ["get", "node", "w1"] },
    {
      what: "change the guard",
      args: ["delete", "--dry-run=server", "validatingadmissionpolicies", "--all"],
    },
    { what: "make a namespace", args: ["create", "--dry-run=server", "namespace", "fuse-test-2"] },
  ];
  for (const { what, args } of forbidden)
    it(`cannot ${what}`, async () => {
      const { allowed, message } = await as(DEPLOYER, args, {});
      assert.equal(allowed, false);
      assert.match(message, /\(Forbidden\).* cannot |is forbidden: User /);
    });
});
