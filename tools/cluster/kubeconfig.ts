import type { KeyPair } from "./pki";

export interface KubeconfigOptions {
  /** Name of cluster, user and context in it. */
  readonly name: string;
  /** The API server's address. */
  readonly server: string;
  /** The authority that signed the API server's certificate, in PEM. */
  readonly authority: string;
  readonly client: KeyPair;
}

/** Formats a kubeconfig that contains its certificates, as JSON, which is YAML too. */
export function kubeconfigText({ name, server, authority, client }: KubeconfigOptions): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server, "certificate-authority-data": base64(authority) } }],
    users: [
      {
        name,
        user: {
          "client-certificate-data": base64(client.certificate),
          "client-key-data": base64(client.key),
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
