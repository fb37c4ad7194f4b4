import assert from "node:assert/strict";
import { type Case, type Oracle, startOracle } from "../../support/kubeconfigs/kubectl";

type Fields = Readonly<Record<string, unknown>>;

describe("the kubeconfig as kubectl reads it", function () {
  this.timeout(120_000);
  let oracle: Oracle;

  before(async () => {
    oracle = await startOracle();
  });

  after(() => {
    oracle.close();
  });

  function server(name: "home" | "office" | "plain", host = "127.0.0.1"): string {
    return `${name === "plain" ? "http" : "https"}://${host}:${oracle.recorder.ports[name]}`;
  }

  /** A kubeconfig with one context, of one name throughout. */
  function config(name: "home" | "office", { cluster = {}, user = {}, ...more }: Fields = {}): object {
    const data = { "certificate-authority-data": oracle.data.authority };
    return {
      apiVersion: "v1",
      kind: "Config",
      "current-context": name,
      clusters: [{ name, cluster: { server: server(name), ...data, ...(cluster as object) } }],
      users: [{ name, user: { token: `token-of-${name}`, ...(user as object) } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      ...more,
    };
  }

  /** Asserts that both sent the same, and returns it. */
  async function same(question: Case): Promise<Fields> {
    const { kubectl, ours, error } = await oracle.ask(question);
    assert.deepEqual(ours, kubectl, error);
    assert.equal(kubectl.length, 1, "kubectl sent no request");
    return kubectl[0] as unknown as Fields;
  }

  /** Asserts that neither sent anything, and that ours says why in one line. */
  async function refused(question: Case, why: RegExp): Promise<void> {
    const { kubectl, ours, error } = await oracle.ask(question);
    assert.deepEqual([kubectl, ours], ["refused", "refused"]);
    assert.match(error, why);
    assert.doesNotMatch(error, /\n|s3cr3t/u);
  }

  const alone = (content: unknown): Case => ({ files: { ".kube/config": content } });
  const together = (list: string, files: Fields): Case => ({ files, environment: { KUBECONFIG: list } });

  it("is the first file's, for the current context and for every name", async () => {
    const files = { home: config("home"), office: config("office") };
    const both = await same(together("FOLDER/home:FOLDER/office", files));
    assert.deepEqual([both.server, both.authorization], ["home", "Bearer token-of-home"]);
    assert.equal((await same(together("FOLDER/office:FOLDER/home", files))).server, "office");
    const other = config("office", { clusters: [{ name: "home", cluster: { server: server("office") } }] });
    assert.equal((await same(together("FOLDER/home:FOLDER/other", { ...files, other }))).server, "home");
    const users = { users: [{ name: "home", user: { token: "other" } }], "current-context": "home" };
    const mixed = { first: config("office", users), second: config("home") };
    const seen = await same(together("FOLDER/first:FOLDER/second", mixed));
    assert.deepEqual([seen.server, seen.authorization], ["home", "Bearer other"]);
  });

  it("is a list with files that are missing, empty or there twice", async () => {
    const files = { home: config("home"), office: config("office"), empty: "", comment: "# nothing\n" };
    for (const list of [
      "FOLDER/missing:FOLDER/home",
      ":FOLDER/home:",
      "FOLDER/empty:FOLDER/comment:FOLDER/home:FOLDER/office",
      "FOLDER/home:FOLDER/office:FOLDER/home",
    ])
      assert.equal((await same(together(list, files))).server, "home", list);
  });

  it("is the one in the home directory where KUBECONFIG is empty", async () => {
    const files = { ".kube/config": config("office"), home: config("home") };
    assert.equal((await same({ files, environment: { KUBECONFIG: "" } })).server, "office");
    const relative = { "certificate-authority-data": null, "certificate-authority": "../ca.crt" };
    const below = { home: config("home"), "sub/office": config("office", { cluster: relative }) };
    assert.equal((await same(together("sub/office:home", below))).server, "office");
    assert.equal((await same(together("./home:sub/office", below))).server, "home");
    await refused({ files, environment: { KUBECONFIG: ":" } }, /names no cluster/u);
    await refused({ files: {}, environment: {} }, /\.kube\/config: it names no cluster/u);
  });

  it("is the named file and context alone", async () => {
    const files = { home: config("home"), office: config("office") };
    const environment = { KUBECONFIG: "FOLDER/home" };
    assert.equal((await same({ files, environment, kubeconfig: "office" })).server, "office");
    const list = { KUBECONFIG: "FOLDER/home:FOLDER/office" };
    assert.equal((await same({ files, environment: list, context: "office" })).server, "office");
    await refused({ files, environment, context: "office" }, /home: it has no context "office".*"home"/u);
    await refused({ files, kubeconfig: "missing" }, /missing: ENOENT/u);
  });

  it("takes null and an empty text for nothing", async () => {
    for (const nothing of [null, ""]) {
      const cluster = Object.fromEntries(
        ["certificate-authority", "tls-server-name", "proxy-url"].map((name) => [name, nothing]),
      );
      const user = Object.fromEntries(
        ["client-certificate", "client-key", "tokenFile", "username", "password", "as", "as-uid"].map(
          (name) => [name, nothing],
        ),
      );
      const more = { "as-groups": null, "as-user-extra": null, exec: null, "auth-provider": null };
      const seen = await same(alone(config("home", { cluster, user: { ...user, ...more } })));
      assert.deepEqual([seen.server, seen.authorization], ["home", "Bearer token-of-home"]);
      const first = { "current-context": nothing, clusters: null, users: null, contexts: null };
      const list = { home: config("home"), first };
      assert.equal((await same(together("FOLDER/first:FOLDER/home", list))).server, "home");
    }
    const bare = { "insecure-skip-tls-verify": null, "disable-compression": null, extensions: null };
    assert.equal((await same(alone(config("home", { cluster: bare })))).server, "home");
  });

  it("lets relative paths begin at the file's folder", async () => {
    const cluster = { "certificate-authority-data": null, "certificate-authority": "../ca.crt" };
    const user = { token: null, "client-certificate": "../client.crt", "client-key": "../client.key" };
    const content = config("home", { cluster, user });
    for (const question of [
      { files: { "sub/config": content }, kubeconfig: "sub/config" },
      { files: { "sub/config": content }, environment: { KUBECONFIG: "FOLDER/sub/config" } },
    ])
      assert.equal((await same(question)).client, "admin");
    const tokenFile = { token: null, tokenFile: "token" };
    const seen = await same({
      files: { "sub/config": config("home", { user: tokenFile }), "sub/token": "from-a-file\n" },
      kubeconfig: "sub/config",
    });
    assert.equal(seen.authorization, "Bearer from-a-file");
    await refused(alone(config("home", { user: tokenFile })), /user "home": tokenFile: ENOENT/u);
    const missing = { "certificate-authority-data": null, "certificate-authority": "missing" };
    await refused(
      alone(config("home", { cluster: missing })),
      /cluster "home": certificate-authority: ENOENT/u,
    );
  });

  it("has certificates, tokens or passwords, and no two of them at odds", async () => {
    const { certificate, key, authority } = oracle.data;
    const pair = { "client-certificate-data": certificate, "client-key-data": key };
    const both = await same(alone(config("home", { user: pair })));
    assert.deepEqual([both.client, both.authorization], ["admin", "Bearer token-of-home"]);
    const basic = { token: null, username: "u", password: "p:ß" };
    const seen = await same(alone(config("home", { user: basic })));
    assert.equal(seen.authorization, `Basic ${Buffer.from("u:p:ß").toString("base64")}`);
    const refusals: readonly [Fields, RegExp][] = [
      [{ user: { username: "u" } }, /user "home": a token and a password/u],
      [{ user: { "client-certificate-data": certificate } }, /user "home": client-certificate needs/u],
      [{ user: { ...pair, "client-certificate": "client.crt" } }, /client-certificate-data are both/u],
      [{ user: { ...pair, "client-key-data": authority } }, /client-key are no pair/u],
      [{ cluster: { "certificate-authority": "ca.crt" } }, /cluster "home": certificate-authority and/u],
      [{ cluster: { "insecure-skip-tls-verify": true } }, /insecure-skip-tls-verify are both/u],
      [{ cluster: { "certificate-authority-data": "eA==" } }, /holds no certificate/u],
      [{ cluster: { "certificate-authority-data": "e" } }, /certificate-authority-data: expected base64/u],
      [{ user: { "auth-provider": { name: "gcp" } } }, /auth-provider gcp is not there any more/u],
    ];
    for (const [more, why] of refusals) await refused(alone(config("home", more)), why);
  });

  it("acts as another user with every part of it", async () => {
    const user = {
      ...{ as: "jane", "as-uid": "7", "as-groups": ["a", "b"] },
      "as-user-extra": { "example.org/Scopes x": ["one", "two"], other: ["three"] },
    };
    const seen = await same(alone(config("home", { user })));
    assert.deepEqual(seen.impersonation, [
      "impersonate-extra-example.org%2fscopes%20x: one",
      "impersonate-extra-example.org%2fscopes%20x: two",
      "impersonate-extra-other: three",
      "impersonate-group: a",
      "impersonate-group: b",
      "impersonate-uid: 7",
      "impersonate-user: jane",
    ]);
    await refused(alone(config("home", { user: { "as-groups": ["a"] } })), /as-groups .* need as/u);
  });

  it("reaches servers by HTTP, without credentials and authorities, and by a prefix of the path", async () => {
    const plain = { server: server("plain"), "certificate-authority-data": null };
    const user = { as: "jane" };
    const seen = await same(alone(config("home", { cluster: plain, user })));
    assert.deepEqual([seen.server, seen.authorization], ["plain", ""]);
    assert.deepEqual(seen.impersonation, ["impersonate-user: jane"]);
    const bare = { ...plain, server: `127.0.0.1:${oracle.recorder.ports.plain}` };
    assert.equal((await same(alone(config("home", { cluster: bare })))).server, "plain");
    const { other } = oracle.data;
    for (const unused of [
      { "certificate-authority-data": other, "insecure-skip-tls-verify": true },
      { "certificate-authority-data": oracle.data.key },
    ])
      await same(alone(config("home", { cluster: { ...plain, ...unused } })));
    const missing = { ...plain, "certificate-authority": "missing.crt" };
    await refused(alone(config("home", { cluster: missing })), /missing\.crt/u);
    const prefix = { server: `${server("home")}/k8s/clusters/c-1/?x=1#y` };
    const path = (await same(alone(config("home", { cluster: prefix })))).path;
    assert.equal(path, "/k8s/clusters/c-1/api/v1/namespaces/default");
    for (const [address, credentials] of [
      [`https://u:p%40@127.0.0.1:${oracle.recorder.ports.home}`, "u:p@"],
      [`https://u@127.0.0.1:${oracle.recorder.ports.home}`, "u:"],
    ]) {
      const { authorization } = await same(alone(config("home", { cluster: { server: address } })));
      assert.equal(authorization, `Basic ${Buffer.from(credentials ?? "").toString("base64")}`);
    }
    await refused(alone(config("home", { cluster: { server: "" } })), /cluster "home": server is missing/u);
  });

  it("checks the server's certificate as it is configured", async () => {
    const { other } = oracle.data;
    await refused(alone(config("home", { cluster: { "certificate-authority-data": other } })), /./u);
    await refused(alone(config("home", { cluster: { "certificate-authority-data": null } })), /./u);
    const insecure = { "certificate-authority-data": null, "insecure-skip-tls-verify": true };
    assert.equal((await same(alone(config("home", { cluster: insecure })))).server, "home");
    const named = { "tls-server-name": "api.example" };
    assert.equal((await same(alone(config("home", { cluster: named })))).name, "api.example");
    await refused(alone(config("home", { cluster: { "tls-server-name": "wrong.example" } })), /./u);
    const trusting = alone(config("home", { cluster: { "certificate-authority-data": null } }));
    const { certificate } = oracle.recorder.authority;
    for (const environment of [
      { SSL_CERT_FILE: "FOLDER/ca.crt" },
      { SSL_CERT_DIR: "FOLDER/missing:FOLDER/trusted" },
    ]) {
      const files = { ...trusting.files, "trusted/a.crt": certificate, "trusted/b": "no certificate" };
      assert.equal((await same({ files, environment })).server, "home");
    }
    const compressed = await same(alone(config("home", { cluster: { "disable-compression": true } })));
    assert.equal(compressed.compression, false);
  });

  it("goes by the proxy that it names, or that the environment names", async () => {
    const { ports } = oracle.recorder;
    const proxy = `http://127.0.0.1:${ports.proxy}`;
    const own = await same(alone(config("home", { cluster: { "proxy-url": proxy } })));
    assert.deepEqual([own.server, own.by], ["home", ["proxy"]]);
    await refused(
      alone(config("home", { cluster: { "proxy-url": "ftp://x" } })),
      /proxy-url: expected a URL/u,
    );
    const named = { server: server("home", "api.example") };
    const plain = { server: server("plain", "api.example"), "certificate-authority-data": null };
    const secure = { ...alone(config("home", { cluster: named })), environment: { HTTPS_PROXY: proxy } };
    assert.deepEqual((await same(secure)).by, ["proxy"]);
    const insecure = { ...alone(config("home", { cluster: plain })), environment: { http_proxy: proxy } };
    assert.deepEqual((await same(insecure)).by, ["proxy"]);
    for (const [words, by] of [
      ["other.example", true],
      ["example", false],
      [".api.example", true],
      [" Api.Example ", false],
      [`api.example:${ports.home}`, false],
      ["api.example:1", true],
      ["*", false],
    ] as const) {
      const question = { ...secure, environment: { HTTPS_PROXY: proxy, NO_PROXY: words } };
      const { kubectl, ours } = await oracle.ask(question);
      assert.deepEqual([kubectl !== "refused", ours !== "refused"], [by, by], words);
    }
    const local = { ...alone(config("home")), environment: { HTTPS_PROXY: proxy } };
    assert.deepEqual((await same(local)).by, []);
  });

  it("goes by a proxy of SOCKS or TLS, which resolves names itself and has the cluster's authority", async () => {
    const { ports } = oracle.recorder;
    const socks = `socks5://127.0.0.1:${ports.socks}`;
    const secure = `https://localhost:${ports.secureProxy}`;
    const cluster = { server: server("home", "api.example") };
    const plain = { server: server("plain", "api.example"), "certificate-authority-data": null };
    const bySocks = [
      { ...cluster, "proxy-url": socks },
      { ...plain, "proxy-url": socks },
    ];
    for (const one of bySocks)
      assert.deepEqual((await same(alone(config("home", { cluster: one })))).by, ["socks with a name"]);
    const near = config("home", { cluster: { "proxy-url": socks } });
    assert.deepEqual((await same(alone(near))).by, ["socks with an address"]);
    const environment = { HTTPS_PROXY: socks };
    const seen = await same({ ...alone(config("home", { cluster })), environment });
    assert.deepEqual(seen.by, ["socks with a name"]);
    const owned = config("home", { cluster: { ...cluster, "proxy-url": secure } });
    assert.deepEqual((await same(alone(owned))).by, ["secure proxy"]);
    const named = { ...alone(config("home", { cluster })), environment: { HTTPS_PROXY: secure } };
    assert.deepEqual((await same(named)).by, ["secure proxy"]);
    const known = config("home", { cluster: { ...cluster, "proxy-url": secure.replace("//", "//u:p@") } });
    assert.deepEqual((await same(alone(known))).by, ["secure proxy Basic dTpw"]);
    for (const scheme of ["socks4", "ftp"])
      await refused(
        {
          ...alone(config("home", { cluster })),
          environment: { HTTPS_PROXY: socks.replace("socks5", scheme) },
        },
        /the proxy in the environment: expected a URL with http, https, socks5 or socks5h/u,
      );
  });

  it("refuses what is no kubeconfig, and quotes none of it", async () => {
    const contents: readonly [unknown, RegExp][] = [
      ["token: s3cr3t\n  b: [", /it is not YAML in line \d/u],
      ["s3cr3t", /it is no kubeconfig/u],
      [[], /it is no kubeconfig/u],
      [{ ...config("home"), kind: "Secret" }, /expected apiVersion v1 and kind Config/u],
      [{ ...config("home"), apiVersion: "v2" }, /expected apiVersion v1 and kind Config/u],
      [config("home", { user: { token: 5 } }), /user "home": token: expected string/u],
      [config("home", { cluster: { "insecure-skip-tls-verify": "s3cr3t" } }), /cluster "home": insecure/u],
      [config("home", { users: "s3cr3t" }), /users: expected array/u],
      [config("home", { preferences: "s3cr3t" }), /preferences: expected object/u],
      [config("home", { extensions: "s3cr3t" }), /extensions: expected array/u],
      [config("home", { user: { extensions: 5 } }), /user "home": extensions: expected array/u],
      [config("home", { users: ["s3cr3t"] }), /users\[0\]: expected an object/u],
      [config("home", { users: [{ name: "a" }, { name: "a" }] }), /user "a" is there twice/u],
      [
        config("home", { contexts: [{ name: "home", context: { cluster: "gone" } }] }),
        /"gone" is not there/u,
      ],
    ];
    for (const [content, why] of contents) await refused(alone(content), why);
  });
});
