import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { AnswerError } from "../../../kube/http";
import { watchObjects } from "../../../verdict/observer/watcher";

const added = JSON.stringify({ type: "ADDED", object: { metadata: { name: "a", resourceVersion: "2" } } });

/** Watches pods of a server that answers the list and then the watch with this; resolves with what was found first. */
async function watch(answer: string): Promise<readonly unknown[] | string> {
  let watched = 0;
  let onSilence = (): void => undefined;
  const server = createServer((request, response) => {
    const isWatch = request.url?.includes("watch=true") === true;
    if (isWatch && (watched += 1) > 2) onSilence();
    const list = { kind: "PodList", metadata: { resourceVersion: "1" }, items: [] };
    response.writeHead(200).end(isWatch ? answer : JSON.stringify(list));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "x", server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, skipTLSVerify: true },
    { name: "x" },
  );
  const stop = new AbortController();
  try {
    return await new Promise((resolve) => {
      onSilence = () => {
        resolve("it is watched again and again");
      };
      void watchObjects(
        { config, path: "/api/v1/pods", signal: stop.signal },
        {
          kind: "PodList",
          onList: () => undefined,
          onRead: () => undefined,
          onObject: (object) => {
            resolve([object]);
          },
          onFailure: (error) => {
            resolve(error instanceof AnswerError ? error.body : String(error));
          },
        },
      );
    });
  } finally {
    stop.abort();
    server.closeAllConnections();
    server.close();
  }
}

describe("a watch", () => {
  it("gives the objects of its events", async () => {
    assert.deepEqual(await watch(`${added}\n`), [{ metadata: { name: "a", resourceVersion: "2" } }]);
  });

  it("fails with what another server answers, with or without an end of its line", async () => {
    for (const end of ["\n", ""])
      assert.equal(await watch(`<html>Please log in</html>${end}`), "<html>Please log in</html>");
  });
});
