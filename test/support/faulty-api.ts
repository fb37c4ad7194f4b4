import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { kubeconfigIn } from "./clients";

/** What is done to an answer of the API server instead of handing it on; undefined for nothing. */
export type Fault = (
  asked: { readonly path: string; readonly query: URLSearchParams },
  body: () => Promise<string>,
) => Answer | Promise<Answer | undefined> | undefined;

/** An answer in place of the API server's. */
export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

/** A way to a cluster's API server on which answers are disturbed. */
export interface FaultyApi {
  /** A kubeconfig that goes this way. */
  readonly kubeconfig: string;
  readonly close: () => void;
}

/** A Status of the API, as it refuses something. */
export function statusAnswer(code: number, message: string): Answer {
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code };
  return { status: code, type: "application/json", body: JSON.stringify(status) };
}

function textOf(stream: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    stream
      .on("data", (piece: Buffer) => pieces.push(piece))
      .on("end", () => {
        resolve(Buffer.concat(pieces).toString("utf8"));
      })
      .on("error", reject);
  });
}

/**
 * Opens a way to a cluster's API server through this machine, by HTTP, on which a fault is injected.
 * @param folder in which the kubeconfig is written.
 */
export async function openFaultyApi(
  { kubeconfig }: ClusterDescriptor,
  folder: string,
  fault: Fault,
): Promise<FaultyApi> {
  const config = kubeconfigIn(kubeconfig);
  const { agent } = await config.applyToFetchOptions({});
  const target = config.getCurrentCluster()?.server ?? "";

  async function answer(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const url = new URL(from.url ?? "/", target);
    const forward = (): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        const { accept = "application/json" } = from.headers;
        const asked = request(
          url,
          { method: from.method, agent: agent as never, headers: { accept } },
          resolve,
        );
        asked.on("error", reject);
        to.on("close", () => asked.destroy());
        from.pipe(asked);
      });
    const body = async (): Promise<string> => textOf(await forward());
    const instead = await fault({ path: url.pathname, query: url.searchParams }, body);
    if (instead !== undefined) {
      to.writeHead(instead.status, { "content-type": instead.type ?? "text/plain" }).end(instead.body);
      return;
    }
    const real = await forward();
    to.writeHead(real.statusCode ?? 502, { "content-type": real.headers["content-type"] ?? "text/plain" });
    real.on("error", () => to.destroy()).pipe(to);
  }

  const server = createServer((from, to) => {
    answer(from, to).catch(() => to.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const file = join(folder, `faulty-${port}.yaml`);
  writeFileSync(
    file,
    [
      "apiVersion: v1",
      "kind: Config",
      "current-context: faulty",
      `clusters: [{name: faulty, cluster: {server: "http://127.0.0.1:${port}", insecure-skip-tls-verify: true}}]`,
      "users: [{name: faulty, user: {}}]",
      "contexts: [{name: faulty, context: {cluster: faulty, user: faulty}}]",
      "",
    ].join("\n"),
    { mode: 0o600 },
  );
  return {
    kubeconfig: file,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
