import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeconfigText } from "../../../tools/cluster/kubeconfig";
import { createAuthority, createTokenKeys, issue, issueInto } from "../../../tools/cluster/pki";

describe("the cluster's certificates", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-pki-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("are signed by their authority, and by no other of the same name", async () => {
    const authority = await createAuthority(folder, "ca");
    const other = await createAuthority(folder, "ca");
    const { certificate } = await issue(authority, { user: "admin" });
    const leaf = new X509Certificate(certificate);
    assert.equal(leaf.verify(new X509Certificate(authority.certificate).publicKey), true);
    assert.equal(leaf.verify(new X509Certificate(other.certificate).publicKey), false);
    assert.equal(leaf.ca, false);
    assert.equal(new X509Certificate(authority.certificate).ca, true);
  });

  it("name the user and the groups as Kubernetes reads them", async () => {
    const authority = await createAuthority(folder, "ca");
    const { certificate } = await issue(authority, { user: "system:node:w2", groups: ["system:nodes", "b"] });
    const leaf = new X509Certificate(certificate);
    assert.equal(leaf.subject, "O=system:nodes\nO=b\nCN=system:node:w2");
  });

  it("serve only the addresses that were asked for; without any they serve none", async () => {
    const authority = await createAuthority(folder, "ca");
    const server = new X509Certificate(
      (await issue(authority, { user: "s", addresses: ["198.18.7.2", "kubernetes"] })).certificate,
    );
    assert.equal(server.subjectAltName, "IP Address:198.18.7.2, DNS:kubernetes");
    const usages = { client: "1.3.6.1.5.5.7.3.2", server: "1.3.6.1.5.5.7.3.1" };
    assert.deepEqual(server.keyUsage, [usages.client, usages.server]);
    const client = new X509Certificate((await issue(authority, { user: "c" })).certificate);
    assert.equal(client.subjectAltName, undefined);
    assert.deepEqual(client.keyUsage, [usages.client]);
  });

  it("can be expired from the start", async () => {
    const authority = await createAuthority(folder, "ca");
    const { certificate } = await issue(authority, { user: "late", validSeconds: -60 });
    const leaf = new X509Certificate(certificate);
    assert.equal(Date.parse(leaf.validTo) < Date.now(), true);
    assert.equal(Date.parse(leaf.validFrom) < Date.parse(leaf.validTo), true);
  });

  it("are kept where only their owner can read them", async () => {
    const authority = await createAuthority(folder, "ca");
    await issueInto(folder, "leaf", authority, { user: "leaf" });
    await createTokenKeys(folder);
    const files = readdirSync(folder).sort();
    assert.deepEqual(files, ["ca.crt", "ca.key", "leaf.crt", "leaf.key", "tokens.key", "tokens.pub"]);
    for (const file of files) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file);
  });
});

describe("a kubeconfig", () => {
  it("holds its certificates itself", () => {
    const text = kubeconfigText({
      name: "n",
      server: "https://198.18.7.2:6443",
      authority: "A",
      client: { certificate: "C", key: "K" },
    });
    assert.deepEqual(JSON.parse(text), {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "n",
      clusters: [
        { name: "n", cluster: { server: "https://198.18.7.2:6443", "certificate-authority-data": "QQ==" } },
      ],
      users: [{ name: "n", user: { "client-certificate-data": "Qw==", "client-key-data": "Sw==" } }],
      contexts: [{ name: "n", context: { cluster: "n", user: "n" } }],
    });
  });
});
