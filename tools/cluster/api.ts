import { readFileSync } from "node:fs";
import { request } from "node:https";
import { z } from "zod";

const kubeconfig = z.object({
  clusters: z.array(
    z.object({ cluster: z.object({ server: z.string(), "certificate-authority-data": z.string() }) }),
  ),
  users: z.array(
    z.object({ user: z.object({ "client-certificate-data": z.string(), "client-key-data": z.string() }) }),
  ),
});

export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Asks the embedded cluster's API server, as its administrator.
 * @param file the administrator's kubeconfig
 * @param create an object to create at `path`; without it, `path` is read
 * @throws Error if there is no answer within 2 s
 */
export async function askApi(file: string, path: string, create?: object): Promise<ApiAnswer> {
  const config = kubeconfig.parse(JSON.parse(readFileSync(file, "utf8")));
  const cluster = config.clusters[0]?.cluster;
  const user = config.users[0]?.user;
  if (cluster === undefined || user === undefined)
    throw new Error(`${file} is not a kubeconfig of this cluster`);
  const decode = (text: string) => Buffer.from(text, "base64");
  return await new Promise((resolve, reject) => {
    const sent = request(new URL(path, cluster.server), {
      ca: decode(cluster["certificate-authority-data"]),
      cert: decode(user["client-certificate-data"]),
      key: decode(user["client-key-data"]),
      timeout: 2000,
      agent: false,
      ...(create === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" } }),
    });
    sent.once("timeout", () => sent.destroy(new Error(`${cluster.server} did not answer within 2 s`)));
    sent.once("error", reject);
    sent.once("response", (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.once("end", () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
      response.once("error", reject);
    });
    sent.end(create === undefined ? undefined : JSON.stringify(create));
  });
}

const nodeList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ taints: z.array(z.object({ key: z.string() })).optional() }),
      status: z.object({
        conditions: z
          .array(z.object({ type: z.string(), status: z.string(), message: z.string().optional() }))
          .optional(),
      }),
    }),
  ),
});

/** Returns the reason for which a node accepts no pods; undefined if it does. */
export interface NodeState {
  readonly name: string;
  readonly problem: string | undefined;
}

/** Reads the API server's answer to a list of nodes. */
export function parseNodes(body: string): NodeState[] {
  return nodeList.parse(JSON.parse(body)).items.map(({ metadata, spec, status }) => {
    const ready = status.conditions?.find(({ type }) => type === "Ready");
    const taints = (spec.taints ?? [])
      .map(({ key }) => key)
      .filter((key) => key.startsWith("node.kubernetes.io/"));
    const problem =
      ready?.status !== "True"
        ? `not ready: ${ready?.message ?? "it has not reported yet"}`
        : taints.length > 0
          ? `tainted: ${taints.join(", ")}`
          : undefined;
    return { name: metadata.name, problem };
  });
}
