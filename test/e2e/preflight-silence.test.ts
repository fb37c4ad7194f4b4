import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterNetwork } from "../../tools/cluster";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { AdmissionregistrationV1Api } from "@kubernetes/client-node";
import { type Played, playPreflight } from "../support/bench";
import { kubeconfigIn } from "../support/clients";
import { testCluster } from "../support/cluster";
import { expectCause, printFigures } from "../support/figures";
import { until } from "../support/waiting";

describe("a preflight whose cluster answers, but not all that it needs", function () {
  this.timeout(60_000);
  let cluster: ClusterDescriptor;
  let folder: string;

  before(async () => {
    cluster = await testCluster();
    folder = mkdtempSync(join(tmpdir(), "fuse-test-silence-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
    printFigures();
  });

  /** A kubeconfig of this cluster whose credentials come from a program. */
  function withPlugin(command: string, ...args: string[]): string {
    const { server, caData } = kubeconfigIn(cluster.kubeconfig).getCurrentCluster() ?? {};
    const exec = { apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never", command, args };
    const text = JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "embedded", cluster: { server, "certificate-authority-data": caData } }],
      users: [{ name: "plugin", user: { exec } }],
      contexts: [{ name: "plugin", context: { cluster: "embedded", user: "plugin" } }],
      "current-context": "plugin",
    });
    const file = join(folder, command);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  it("says permission-denied where the kubeconfig's credential plugin is missing or fails", async () => {
    const missing = withPlugin("no-such-plugin");
    expectCause(
      await playPreflight(cluster, { name: "plugin-missing", kubeconfig: missing }),
      "permission-denied",
      /plugin no-such-plugin of user "plugin" failed: there is no such program/,
      "credential plugin missing",
    );
    const failing = withPlugin("sh", "-c", "echo the session has expired >&2; exit 3");
    expectCause(
      await playPreflight(cluster, { name: "plugin-fails", kubeconfig: failing }),
      "permission-denied",
      /plugin sh of user "plugin" failed: the session has expired/,
      "credential plugin fails",
    );
  });

  it("finds nothing if a credential plugin is slow, which is asked once", async () => {
    const { certData, keyData } = kubeconfigIn(cluster.kubeconfig).getCurrentUser() ?? {};
    const pem = (data: string | undefined): string => Buffer.from(data ?? "", "base64").toString();
    const status = { clientCertificateData: pem(certData), clientKeyData: pem(keyData) };
    const credential = join(folder, "credential.json");
    const asked = join(folder, "asked");
    const apiVersion = "client.authentication.k8s.io/v1";
    writeFileSync(credential, JSON.stringify({ apiVersion, kind: "ExecCredential", status }), {
      mode: 0o600,
    });
    const slow = withPlugin("sh", "-c", 'echo asked >>"$1"; sleep 2.5; cat "$0"', credential, asked);
    assert.equal(await playPreflight(cluster, { name: "plugin-slow", kubeconfig: slow }), undefined);
    assert.equal(readFileSync(asked, "utf8"), "asked\n");
  });

  it("quotes nothing of what a plugin answers instead of credentials", async () => {
    const chatty = withPlugin("sh", "-c", "echo a-secret-token");
    const played = await playPreflight(cluster, { name: "plugin-chatty", kubeconfig: chatty });
    expectCause(
      played,
      "permission-denied",
      /failed: it answered with no credentials/,
      "credential plugin chats",
    );
    assert.doesNotMatch(JSON.stringify(played), /a-secret/);
  });

  it("says admission-denied where an admission webhook does not answer", async () => {
    const api = kubeconfigIn(cluster.kubeconfig).makeApiClient(AdmissionregistrationV1Api);
    const name = "webhook.answers-nobody.fuse-test";
    const namespaces = Array.from({ length: 20 }, (_, index) => `fuse-test-webhook-${index}`);
    const webhook = {
      name,
      // An address of the cluster's own network that is not used.
      clientConfig: { url: `https://${clusterNetwork(cluster.name).block.replace("0/24", "50")}/` },
      rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
      namespaceSelector: {
        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: namespaces }],
      },
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
    };
    await api.createValidatingWebhookConfiguration({ body: { metadata: { name }, webhooks: [webhook] } });
    try {
      let played: Played | undefined;
      let attempts = 0;
      // The API server learns of a webhook a moment later: until then it admits the pods.
      await until("the API server asks the webhook", 20, async () => {
        played = await playPreflight(cluster, { name: `webhook-${attempts}` });
        attempts += 1;
        return played !== undefined;
      });
      expectCause(played, "admission-denied", /creating a pod as a dry run: no answer/, "webhook hangs");
    } finally {
      await api.deleteValidatingWebhookConfiguration({ name });
    }
  });
});
