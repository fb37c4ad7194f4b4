import assert from "node:assert/strict";
import { connectionOf } from "../../../toolchain/plugins/kubernetes/kubeconfig";
import { credentialsOf } from "../../../toolchain/plugins/kubernetes/credentials";
import { checkSettings, diffSettings, settingsOf } from "../../../toolchain/plugins/kubernetes/settings";
import { readiness, timeoutOf } from "../../../toolchain/plugins/kubernetes/wait";
import { type Properties, UNKNOWN } from "../../../toolchain/plugins/rpc/values";

describe("the provider's settings", () => {
  it("are read as the SDK writes them", () => {
    const settings = settingsOf({
      kubeconfig: "/k",
      enableConfigMapMutable: "true",
      upsertExistingObjects: "false",
    });
    assert.deepEqual(settings.selection, { kubeconfig: "/k" });
    assert.deepEqual(
      [settings.configMapMutable, settings.secretMutable, settings.upsert],
      [true, false, false],
    );
  });

  it("are refused where they cannot be honoured", () => {
    assert.deepEqual(
      checkSettings({ kubeconfig: UNKNOWN, enableServerSideApply: "true", namespace: "n" }),
      [],
    );
    assert.match(
      checkSettings({ enableServerSideApply: "false" })[0]?.reason ?? "",
      /^client-side apply needs/u,
    );
    assert.equal(checkSettings({ renderYamlToDirectory: "/x" })[0]?.property, "renderYamlToDirectory");
  });

  it("replace the provider when they name another cluster, and only then", () => {
    const kubeconfig = (server: string, token: string): string =>
      JSON.stringify({
        "current-context": "c",
        clusters: [{ name: "c", cluster: { server } }],
        users: [{ name: "u", user: { token } }],
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      });
    const olds = { kubeconfig: kubeconfig("https://a:6443", "1") };
    const replaced = (news: Properties): (readonly [string, boolean])[] =>
      diffSettings(olds, news).properties.map(({ path, replaces }) => [path, replaces]);
    assert.deepEqual(replaced(olds), []);
    assert.deepEqual(replaced({ kubeconfig: kubeconfig("https://a:6443", "2") }), [["kubeconfig", false]]);
    assert.deepEqual(replaced({ kubeconfig: kubeconfig("https://b:6443", "1") }), [["kubeconfig", true]]);
  });
});

describe("waiting for an object", () => {
  it("ends when a pod is ready or has succeeded, and never for one that failed", () => {
    const state = (status: Properties): Properties => ({ kind: "Pod", status });
    assert.deepEqual(readiness(state({ conditions: [{ type: "Ready", status: "True" }] })), { ready: true });
    assert.deepEqual(readiness(state({ phase: "Succeeded" })), { ready: true });
    assert.deepEqual(readiness(state({ phase: "Failed", reason: "NodeAffinity" })), {
      ready: false,
      reason: "the pod failed: NodeAffinity",
      final: true,
    });
    assert.deepEqual(readiness(state({ phase: "Pending" })), {
      ready: false,
      reason: "the pod is Pending",
      final: false,
    });
  });

  it("lasts as long as the resource says", () => {
    const inputs = { metadata: { annotations: { "pulumi.com/timeoutSeconds": "7" } } };
    assert.equal(timeoutOf(inputs, 3), 3);
    assert.equal(timeoutOf(inputs, 0), 7);
    assert.equal(timeoutOf({}, 0), 600);
  });
});

describe("a kubeconfig", () => {
  function withUser(user: object): string {
    return JSON.stringify({
      "current-context": "c",
      clusters: [{ name: "c", cluster: { server: "https://a:6443/", "certificate-authority-data": "UEVN" } }],
      users: [{ name: "u", user }],
      contexts: [{ name: "c", context: { cluster: "c", user: "u", namespace: "n" } }],
    });
  }

  it("names the server, its authority and the namespace", () => {
    const { server, authority, namespace, insecure } = connectionOf({ kubeconfig: withUser({ token: "t" }) });
    assert.deepEqual([server, authority, namespace, insecure], ["https://a:6443", "PEM", "n", false]);
  });

  it("gives what requests are authenticated by", async () => {
    const authorization = async (user: object): Promise<string | undefined> =>
      (await credentialsOf(connectionOf({ kubeconfig: withUser(user) }))).authorization;
    assert.equal(await authorization({ token: "t" }), "Bearer t");
    assert.equal(await authorization({ username: "u", password: "p" }), "Basic dTpw");
    assert.equal(
      await authorization({ "client-certificate-data": "Yw==", "client-key-data": "aw==" }),
      undefined,
    );
  });

  it("runs a credential plugin, and believes how long its credentials hold", async () => {
    const script = `echo '{"status":{"token":"x","expirationTimestamp":"2030-01-01T00:00:00Z"}}'`;
    const kubeconfig = withUser({ exec: { command: "/bin/sh", args: ["-c", script] } });
    assert.deepEqual(await credentialsOf(connectionOf({ kubeconfig })), {
      certificate: undefined,
      key: undefined,
      authorization: "Bearer x",
      expires: Date.UTC(2030, 0, 1),
    });
  });

  it("names a credential plugin that does not work", async () => {
    const failing = connectionOf({ kubeconfig: withUser({ exec: { command: "/nonexistent" } }) });
    await assert.rejects(
      credentialsOf(failing),
      /^Error: the kubeconfig's credential plugin \/nonexistent failed/u,
    );
  });

  it("is refused in one line, without its text", () => {
    assert.throws(() => connectionOf({ kubeconfig: "/nonexistent" }), {
      message: "the provider's kubeconfig: expected a file or a kubeconfig's contents, found no such file",
    });
    assert.throws(
      () => connectionOf({ kubeconfig: withUser({ token: ["sekret"] }) }),
      (error: Error) => {
        assert.match(error.message, /^the provider's kubeconfig is no kubeconfig: users\.0\.user\.token: /u);
        assert.equal(error.message.includes("sekret"), false);
        return true;
      },
    );
    assert.throws(() => connectionOf({ kubeconfig: withUser({}), context: "other" }), {
      message: 'the kubeconfig has no context "other"; name one that it has',
    });
  });
});
