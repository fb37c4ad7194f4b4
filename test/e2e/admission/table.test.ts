import assert from "node:assert/strict";
import { guardManifests } from "../../../manifests/guard";
import { namespaceManifest } from "../../../manifests/namespace";
import { CASES } from "../../policy/cases";
import { producer } from "../../policy/cases/fixtures";
import { type Api, type ApiAnswer, openApi } from "../../support/api";
import { testCluster } from "../../support/cluster";
import { untilGuarded } from "../../support/guard";

/** How many questions are asked at once. */
const AT_ONCE = 4;

const asked = CASES.filter(({ admission }) => admission !== "none");
const guard = {
  apiVersion: "v1",
  kind: "List",
  items: guardManifests().flatMap(({ policy, binding }) => [policy, binding]),
};
const namespace = namespaceManifest("fuse-test", "admission");
const neighbour = { apiVersion: "v1", kind: "Namespace", metadata: { name: "fuse-test-2" } };

async function askAll(api: Api): Promise<ApiAnswer[]> {
  const answers: ApiAnswer[] = [];
  for (let start = 0; start < asked.length; start += AT_ONCE) {
    const some = asked.slice(start, start + AT_ONCE);
    answers.push(...(await Promise.all(some.map(({ props }) => api.dryRun(props)))));
  }
  return answers;
}

describe("Guard of the cluster", function () {
  this.timeout(240_000);
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
