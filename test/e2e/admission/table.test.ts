import assert from "node:assert/strict";
import { guardManifests } from "../../../policy/admission/guard";
import { namespaceManifest } from "../../../manifests/namespace";
import { CASES, GROUPS } from "../../policy/cases";
import { ordinary, producer } from "../../policy/cases/fixtures";
import { type Api, type ApiAnswer, openApi } from "../../support/api";
import { testCluster } from "../../support/cluster";
import { untilGuarded } from "../../support/guard";
import { until } from "../../support/waiting";

/** Number of requests at the same time. */
const AT_ONCE = 4;

const asked = CASES.filter(({ admission }) => admission !== "none");
const guard = {
  apiVersion: "v1",
  kind: "List",
  items: guardManifests().flatMap(({ policy, binding }) => [policy, binding]),
};
const namespace = namespaceManifest("fuse-test", "admission");
const neighbour = { apiVersion: "v1", kind: "Namespace", metadata: { name: "fuse-test-2" } };

const RBAC = "rbac.authorization.k8s.io";
const name = "fuse-test-infrastructure";

const LIKE_A_CONTROLLER = "system:serviceaccount:kube-system:daemon-set-controller-2";

function subjects(...users: readonly string[]) {
  return users.map((user) => ({ kind: "User", name: user, apiGroup: RBAC }));
}

/** Rights of a user who deploys to a namespace, and of a user who also installs storage drivers. */
const rights = [
  {
    apiVersion: `${RBAC}/v1`,
    kind: "Role",
    metadata: { name, namespace: "default" },
    rules: [{ apiGroups: ["", "apps"], resources: ["*"], verbs: ["*"] }],
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: "RoleBinding",
    metadata: { name, namespace: "default" },
    subjects: subjects("somebody", "maintainer", LIKE_A_CONTROLLER),
    roleRef: { apiGroup: RBAC, kind: "Role", name },
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRole",
    metadata: { name },
    rules: [{ apiGroups: ["storage.k8s.io"], resources: ["csidrivers"], verbs: ["create"] }],
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name },
    subjects: subjects("maintainer"),
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name },
  },
];

async function askAll(api: Api): Promise<ApiAnswer[]> {
  const answers: ApiAnswer[] = [];
  for (let start = 0; start < asked.length; start += AT_ONCE) {
    const some = asked.slice(start, start + AT_ONCE);
    answers.push(...(await Promise.all(some.map(({ props }) => api.dryRun(props)))));
  }
  return answers;
}

describe("Guard of the cluster", function () {
  this.timeout(600_000);
  let api: Api;
  let answers: ApiAnswer[];

  before(async () => {
    api = openApi((await testCluster()).kubeconfig);
    for (const manifest of [namespace, neighbour, guard]) {
      const { allowed, message } = await api.kubectl(["apply", "--server-side", "-f", "-"], manifest);
      assert.equal(allowed, true, message);
    }
    await untilGuarded(api);
    answers = await askAll(api);
  });

  after(async () => {
    for (const manifest of [guard, neighbour, namespace]) {
      await api.kubectl(["delete", "--ignore-not-found", "-f", "-"], manifest);
    }
  });

  asked.forEach((one, index) => {
    it(`${one.admission === "refused" ? "refuses" : "lets pass"} ${one.title}`, () => {
      const answer = answers[index];
      assert.equal(answer?.allowed === true ? "allowed" : "refused", one.admission, answer?.message);
    });
  });

  describe("leaves mounts of infrastructure", () => {
    const create = ["create", "--dry-run=server", "--validate=false", "-f", "-"];
    const [storage] = GROUPS.infrastructure;

    before(async () => {
      for (const manifest of rights) {
        const { allowed, message } = await api.kubectl(["apply", "--server-side", "-f", "-"], manifest);
        assert.equal(allowed, true, message);
      }
      await until("the users have their rights", 30, async () => {
        const [one, other] = await Promise.all(
          ["somebody", "maintainer"].map((user) => api.kubectl([...create, `--as=${user}`], ordinary())),
        );
        return one?.allowed === true && other?.allowed === true;
      });
    });

    after(async () => {
      for (const manifest of rights) await api.kubectl(["delete", "--ignore-not-found", "-f", "-"], manifest);
    });

    it("to no other account with rights in a namespace alone, whatever is in its name", async () => {
      const { allowed, message } = await api.kubectl(
        [...create, `--as=${LIKE_A_CONTROLLER}`],
        storage?.props,
      );
      assert.equal(allowed, false);
      assert.match(message, /requested by a user who may create CSI drivers/);
    });

    it("to no user who has rights in a namespace alone, whatever makes the pod", async () => {
      for (const { props, title } of GROUPS.infrastructure.filter(
        ({ admission }) => admission === "allowed",
      )) {
        if (!JSON.stringify(props).includes("Bidirectional")) continue;
        const { allowed, message } = await api.kubectl([...create, "--as=somebody"], props);
        assert.equal(allowed, false, title);
        assert.match(message, /requested by a user who may create CSI drivers/);
      }
    });

    it("to whoever may create CSI drivers, and to controllers of Kubernetes", async () => {
      const controller = "system:serviceaccount:kube-system:daemon-set-controller";
      for (const user of ["maintainer", controller]) {
        const { allowed, message } = await api.kubectl([...create, `--as=${user}`], storage?.props);
        assert.equal(allowed, true, message);
      }
    });
  });

  it("has no expression that the API server finds fault with", async () => {
    const { message } = await api.kubectl(["get", "validatingadmissionpolicies", "-o", "json"]);
    const { items } = JSON.parse(message) as {
      items: { status?: { typeChecking?: { expressionWarnings?: unknown[] } } }[];
    };
    assert.deepEqual(
      items.flatMap(({ status }) => status?.typeChecking?.expressionWarnings ?? []),
      [],
    );
  });

  it("warns of an image that is named by version", async () => {
    const [container] = producer.spec.containers;
    const byVersion = {
      ...producer,
      spec: { ...producer.spec, containers: [{ ...container, image: "docker.io/rclone/rclone:1.71.2" }] },
    };
    const { allowed, message } = await api.dryRun(byVersion);
    assert.equal(allowed, true, message);
    assert.match(message, /Warning: .*an image is named by version/);
  });
});
