import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../../kube/client";
import { AnswerError } from "../../../kube/http";
import { fieldsOf } from "../../../kube/values";
import { watchObjects } from "../../../verdict/observer/watcher";

/** A pod of the API, as far as this test distinguishes pods. */
function pod(name: string): object {
  return { metadata: { name, resourceVersion: "7" } };
}

function nameOf(object: unknown): string {
  return String(fieldsOf(fieldsOf(object).metadata).name);
}

function listOf(...names: readonly string[]): string {
  return JSON.stringify({ kind: "PodList", metadata: { resourceVersion: "5" }, items: names.map(pod) });
}

describe("the watch of objects", function () {
  this.timeout(30_000);
  let folder: string;
  let server: Server;
  /** The server's handlers of a list and of a watch. */
  let list: (response: ServerResponse) => void;
  let watch: (response: ServerResponse, query: URLSearchParams) => void;

  /** The objects of the events, whole. */
  let watched: unknown[];

  beforeEach(async () => {
    watched = [];
    folder = mkdtempSync(join(tmpdir(), "fuse-test-watcher-"));
    server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? "/", "http://localhost");
      if (searchParams.get("watch") === "true") watch(response, searchParams);
      else list(response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** Watches with a limit, in milliseconds, until an object of that name has been seen. Gives all that was seen. */
  async function watchUntil(wanted: string, limit?: number): Promise<readonly string[]> {
    const { port } = server.address() as AddressInfo;
    const config = {
      "current-context": "c",
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "c", user: {} }],
      contexts: [{ name: "c", context: { cluster: "c", user: "c" } }],
    };
    writeFileSync(join(folder, "config"), JSON.stringify(config));
    const { config: found } = connect({ kubeconfig: join(folder, "config") });
    const stop = new AbortController();
    const seen: string[] = [];
    const see = (text: string): void => {
      seen.push(text);
      // Not from within a stream's own callback.
      if (text === wanted)
        setImmediate(() => {
          stop.abort();
        });
    };
    await watchObjects(
      { config: found, path: "/api/v1/pods", signal: stop.signal },
      {
        kind: "PodList",
        onList: (objects) => {
          for (const object of objects) see(nameOf(object));
        },
        onObject: (object) => {
          watched.push(object);
          see(nameOf(object));
        },
        onRead: () => undefined,
        onFailure: (error) => {
          see(error instanceof AnswerError ? error.body : (error as Error).message);
        },
      },
      limit,
    );
    return seen;
  }

  it("gives the objects of its events", async () => {
    list = (response) => response.end(listOf());
    watch = (response) => response.end(`${JSON.stringify({ type: "ADDED", object: pod("a") })}\n`);
    assert.deepEqual(await watchUntil("a"), ["a"]);
    assert.deepEqual(watched, [{ metadata: { name: "a", resourceVersion: "7" } }]);
  });

  it("fails with what another server answers, with or without an end of its line", async () => {
    const page = "<html>Please log in</html>";
    for (const end of ["\n", ""]) {
      list = (response) => response.end(listOf());
      watch = (response) => response.end(`${page}${end}`);
      assert.deepEqual(await watchUntil(page), [page]);
    }
    assert.deepEqual(watched, []);
  });

  it("lists again, and reports the failure, when a gateway answers lists and holds every watch back", async () => {
    let lists = 0;
    list = (response) => {
      lists += 1;
      response.end(lists === 1 ? listOf("early") : listOf("early", "late"));
    };
    watch = () => undefined;
    assert.deepEqual(await watchUntil("late", 100), [
      "early",
      "the watch did not end within 100 ms",
      "early",
      "late",
    ]);
  });

  it("does the same when a watch has begun, and its connection is lost without a word", async () => {
    let lists = 0;
    list = (response) => {
      lists += 1;
      response.end(lists === 1 ? listOf("early") : listOf("late"));
    };
    watch = (response) => {
      response.write(`${JSON.stringify({ type: "ADDED", object: pod("watched") })}\n`);
    };
    const failure = "the watch did not end within 100 ms";
    assert.deepEqual(await watchUntil("late", 100), ["early", "watched", failure, "late"]);
  });

  it("asks the server to end each watch, so that a gateway which buffers answers delivers it", async () => {
    list = (response) => response.end(listOf("early"));
    const asked: (string | null)[] = [];
    watch = (response, query) => {
      asked.push(query.get("timeoutSeconds"), query.get("resourceVersion"));
      const name = asked.length === 2 ? "first" : "second";
      response.end(`${JSON.stringify({ type: "MODIFIED", object: pod(name) })}\n`);
    };
    assert.deepEqual(await watchUntil("second"), ["early", "first", "second"]);
    assert.deepEqual(asked, ["5", "5", "5", "7"]);
  });
});
