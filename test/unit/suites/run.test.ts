import assert from "node:assert/strict";
import { KubeConfig, type V1Pod } from "@kubernetes/client-node";
import type { Client } from "../../../kube/client";
import { PRODUCER } from "../../../verdict/suites/evidence";
import { runExamination } from "../../../verdict/suites/run";

const run = "r1";

/** Returns a client whose producer requests its removal, and whose pods are never deleted. */
function clientOf(scenario: "delete" | "evict", calls: string[]): Client {
  const line = { run, role: PRODUCER, event: "await", scenario };
  const core = {
    readNamespacedPodLog: () => Promise.resolve(JSON.stringify(line)),
    readNamespacedPod: (): Promise<V1Pod> => Promise.resolve({}),
    deleteNamespacedPod: () => Promise.resolve(void calls.push("delete")),
    createNamespacedPodEviction: () => Promise.resolve(void calls.push("evict")),
    createNamespacedPod: () => Promise.resolve(void calls.push("create")),
  };
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "c", server: "https://localhost", skipTLSVerify: false },
    { name: "u" },
  );
  return { config: config as Client["config"], core: core as unknown as Client["core"] };
}

function pod(name: string) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "fuse-test" },
    spec: { containers: name === "producer" ? [{ name: PRODUCER }] : [] },
  };
}

describe("an examination whose producer is not deleted", () => {
  for (const [scenario, action] of [
    ["delete", "deleted"],
    ["evict", "evicted"],
  ] as const) {
    it(`names the pod that was ${action}, and does not create its successor`, async () => {
      const calls: string[] = [];
      const { givenUp } = await runExamination({
        ...{
          client: clientOf(scenario, calls),
          namespace: "fuse-test",
          run,
          suite: "full",
          start: Date.now(),
        },
        ...{ producer: pod("producer"), consumer: pod("consumer"), refused: [], goneSeconds: 0.1 },
        ...{ signal: new AbortController().signal, onProgress: () => undefined },
      });
      assert.equal(givenUp, `the pod producer still exists 0.1 s after it was ${action}`);
      assert.deepEqual(calls, [scenario]);
    });
  }
});
