import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import fc from "fast-check";
import { chooseCluster } from "../../kube/cluster-choice";
import { findConnection, findNames, namesOfConnection } from "../../kube/connection";
import { expandHome, usualFiles } from "../../kube/files";
import { KubeconfigError, parseKubeconfig } from "../../kube/parse";
import { providerKubeconfig } from "../../kube/provider";
import { environmentProxy } from "../../kube/proxy";
import { passing } from "../support/observations";
import { decide } from "../../verdict/decide";
import { readSettings } from "../../config/settings";

describe("a kubeconfig", function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-kube-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function write(name: string, content: unknown): string {
    const file = join(folder, name);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }

  function config(name: string, more = {}): object {
    return {
      "current-context": name,
      clusters: [{ name, cluster: { server: `https://${name}.example:6443/` } }],
      users: [{ name, user: { token: `token-of-${name}` } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      ...more,
    };
  }

  it("is looked for as kubectl looks for it", () => {
    assert.deepEqual(usualFiles({ HOME: "/h" }), ["/h/.kube/config"]);
    assert.deepEqual(usualFiles({ HOME: "/h", KUBECONFIG: "" }), ["/h/.kube/config"]);
    assert.deepEqual(usualFiles({ KUBECONFIG: ["a", "", "b", "a"].join(delimiter) }), ["a", "b"]);
    assert.equal(expandHome("~/x"), `${homedir()}/x`);
    assert.deepEqual(["~x/y", "/a/~/b"].map(expandHome), ["~x/y", "/a/~/b"]);
  });

  it("is read whatever it holds, or refused in one line that quotes none of it", () => {
    const value = fc.oneof(
      fc.constantFrom("s3cr3t", "", null, 1, true),
      fc.array(fc.constant("s3cr3t")),
      fc.object(),
    );
    const fields = fc.dictionary(
      fc.constantFrom(
        "server",
        "token",
        "exec",
        "as-groups",
        "as-user-extra",
        "extensions",
        "tokenFile",
        "__proto__",
      ),
      value,
    );
    const entry = (kind: string) =>
      fc.oneof(value, fc.record({ name: value, [kind]: fc.oneof(value, fields) }));
    const content = fc.record(
      {
        "current-context": value,
        clusters: fc.oneof(value, fc.array(entry("cluster"))),
        users: fc.oneof(value, fc.array(entry("user"))),
        contexts: fc.oneof(value, fc.array(entry("context"))),
      },
      { requiredKeys: [] },
    );
    const texts = fc.oneof(
      content.map((some) => JSON.stringify(some)),
      fc.string(),
      fc.json(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseKubeconfig(text, "/f");
        } catch (error) {
          assert.ok(error instanceof KubeconfigError, String(error));
          assert.equal(error.file, "/f");
          assert.doesNotMatch(error.message, /\n/u);
          // A name is quoted: a person has to find the entry.
          assert.doesNotMatch(error.problem.replace(/"[^"]*"/gu, ""), /s3cr3t/u);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("reads YAML as Go does: the first document, with yes for true, and times as they are written", () => {
    const text = "clusters:\n- {name: a, cluster: {insecure-skip-tls-verify: yes, server: 1:30}}\n---\nb: [";
    const fields = parseKubeconfig(text, "/f").clusters.get("a")?.fields;
    assert.deepEqual([fields?.["insecure-skip-tls-verify"], fields?.server], [true, "1:30"]);
    const bomb = `a: &a [x]\n${Array.from({ length: 30 }, (_, n) => `b${n}: &b${n} [*a, *a, *${n === 0 ? "a" : `b${n - 1}`}, *${n === 0 ? "a" : `b${n - 1}`}]`).join("\n")}\n`;
    assert.throws(() => parseKubeconfig(bomb, "/f"), /\/f: it is not YAML/u);
  });

  it("is a pod's service account if there is no other", () => {
    mkdirSync(join(folder, "account"));
    write("account/token", " t \n");
    write("account/namespace", "media\n");
    const pod = { HOME: folder, KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    const options = { environment: pod, serviceAccount: join(folder, "account") };
    const found = findConnection(options);
    assert.deepEqual(
      [found.server, found.namespace, found.credentials.tokenFile, found.authority],
      ["https://[fd00::1]", "media", join(folder, "account", "token"), undefined],
    );
    assert.equal(
      findConnection({ ...options, environment: { ...pod, POD_NAMESPACE: "own" } }).namespace,
      "own",
    );
    const file = write("home", config("home"));
    assert.equal(findConnection({ ...options, environment: { ...pod, KUBECONFIG: file } }).context, "home");
    for (const other of [
      { ...options, environment: { HOME: folder } },
      { ...options, serviceAccount: join(folder, "none") },
      { ...options, kubeconfig: write("empty", "") },
      { ...options, environment: { ...pod, KUBECONFIG: write("broken", "[") } },
    ])
      assert.throws(() => findConnection(other), KubeconfigError);
  });

  it("has names for a report, and no password in them", () => {
    const server = "https://me:s3cr3t@home.example:6443";
    const file = write("named", config("home", { clusters: [{ name: "home", cluster: { server } }] }));
    const names = { context: "home", cluster: "home", server: "https://home.example:6443" };
    assert.deepEqual(findNames({ kubeconfig: file }), names);
    assert.deepEqual(namesOfConnection(findConnection({ kubeconfig: file })), names);
    assert.equal(findNames({ kubeconfig: "/nowhere" }), undefined);
    const { question } = passing();
    const decision = decide(passing({ question: { ...question, cluster: names } }));
    assert.ok(decision.certain);
    const { context, cluster, server: asked } = decision.judgement.run;
    assert.deepEqual({ context, cluster, server: asked }, names);
  });

  it("is chosen once for all: by its absolute path and by the context's name", () => {
    const file = write("chosen", config("home"));
    const settings = readSettings({ image: "docker.io/rclone/rclone:1.71.2" });
    const copies = join(folder, "copies");
    assert.deepEqual(chooseCluster({ kubeconfig: file, settings }, copies), {
      access: { kubeconfig: file, context: "home" },
      providerAccess: { kubeconfig: file, context: "home" },
      cluster: { context: "home", cluster: "home", server: "https://home.example:6443" },
      deployedOn: {
        kubeconfig: file,
        context: "home",
        cluster: "home",
        server: "https://home.example:6443",
        authority: "",
      },
    });
    const broken = write("broken-one", "[");
    assert.deepEqual(chooseCluster({ kubeconfig: broken, settings: { ...settings, context: "x" } }, copies), {
      access: { kubeconfig: broken, context: "x" },
      providerAccess: { kubeconfig: broken, context: "x" },
      cluster: undefined,
      deployedOn: { kubeconfig: broken, context: "x", cluster: "", server: "", authority: "" },
    });
  });

  it("is given to the provider as a private copy only if it has relative paths", () => {
    const copies = join(folder, "private", "copies");
    const plain = write("plain", config("home"));
    assert.equal(providerKubeconfig(plain, copies), plain);
    const exec = { apiVersion: "v1", command: "./bin/plugin", args: ["./not-a-path"] };
    const content = config("home", {
      clusters: [{ name: "home", cluster: { server: "https://x", "certificate-authority": "ca.crt" } }],
      users: [{ name: "home", user: { exec, tokenFile: "/absolute", "client-key": "" } }],
      kept: { as: "is" },
    });
    const copy = providerKubeconfig(write("sub/relative", content), copies);
    assert.ok(copy.startsWith(copies));
    assert.equal(statSync(copy).mode & 0o777, 0o600);
    assert.equal(statSync(copies).mode & 0o777, 0o700);
    const sub = join(folder, "sub");
    const cluster = { server: "https://x", "certificate-authority": join(sub, "ca.crt") };
    const user = {
      exec: { ...exec, command: join(sub, "bin/plugin") },
      tokenFile: "/absolute",
      "client-key": "",
    };
    assert.deepEqual(JSON.parse(readFileSync(copy, "utf8")), {
      ...content,
      clusters: [{ name: "home", cluster }],
      users: [{ name: "home", user }],
    });
  });
});

describe("the proxy of the environment", () => {
  const proxies = { HTTPS_PROXY: "http://secure:1", HTTP_PROXY: "plain:2" };
  const by = (server: string, NO_PROXY = ""): string | undefined =>
    environmentProxy(new URL(server), { ...proxies, NO_PROXY });

  it("is the scheme's, in capitals before small letters", () => {
    assert.equal(by("https://api.example"), "http://secure:1");
    assert.equal(by("http://api.example"), "http://plain:2");
    const both = { https_proxy: "http://small:3", HTTPS_PROXY: "" };
    assert.equal(environmentProxy(new URL("https://a"), both), "http://small:3");
    assert.equal(environmentProxy(new URL("http://a"), { HTTPS_PROXY: "http://x" }), undefined);
  });

  it("is not used for this machine, nor for what NO_PROXY names", () => {
    const table: readonly [server: string, no: string, proxied: boolean][] = [
      ["https://localhost:6443", "", false],
      ["https://127.9.9.9", "", false],
      ["https://[::1]:6443", "", false],
      ["https://10.1.2.3:6443", "10.0.0.0/8", false],
      ["https://11.1.2.3:6443", "10.0.0.0/8", true],
      ["https://10.1.2.3:6443", "10.0.0.0/33", true],
      ["https://10.1.2.3:6443", "10.1.2.3:6443", false],
      ["https://10.1.2.3:6443", "10.1.2.3:443", true],
      ["https://10.1.2.3", "10.1.2.3:443", false],
      ["https://[fd00::1]:6443", "fd00::/8", false],
      ["https://[fd00::1]:6443", "[fd00::1]:6443", false],
      ["https://[fd00::1]:6443", "fd00:0::1", false],
      ["https://[fe00::1]:6443", "fd00::/8", true],
      ["https://api.example", "example", false],
      ["https://api.example", "*.example", false],
      ["https://example", "*.example", true],
      ["https://api.example", "pi.example", true],
      ["https://10.1.2.3", ".2.3", true],
      ["https://api.example", "other, *", false],
      ["https://api.example", ", :443 ,,", true],
      ["https://bücher.example", "BÜCHER.example", false],
    ];
    for (const [server, no, proxied] of table)
      assert.equal(by(server, no) !== undefined, proxied, `${server} with NO_PROXY=${no}`);
  });
});
