import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../kube/client";

describe("the connections to an API server", () => {
  let folder: string;
  let server: Server;
  let connections: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-connections-"));
    connections = 0;
    server = createServer((request, response) => {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ apiVersion: "v1", kind: "Node", metadata: { name: request.url } }));
    }).on("connection", () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const config = {
      "current-context": "c",
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "c", user: { token: "t" } }],
      contexts: [{ name: "c", context: { cluster: "c", user: "c" } }],
    };
    writeFileSync(join(folder, "config"), JSON.stringify(config));
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("are kept: requests one after the other need one", async () => {
    const client = connect({ kubeconfig: join(folder, "config") });
    for (let asked = 0; asked < 5; asked += 1) await client.core.readNode({ name: "w2" });
    assert.equal(connections, 1);
  });

  it("are made again if the server has closed them", async () => {
    const client = connect({ kubeconfig: join(folder, "config") });
    await client.core.readNode({ name: "w2" });
    server.closeAllConnections();
    // Until the client has heard of it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await client.core.readNode({ name: "w2" });
    assert.equal(connections, 2);
  });
});
