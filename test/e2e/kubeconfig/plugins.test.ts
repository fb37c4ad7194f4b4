import assert from "node:assert/strict";
import { type Case, type Oracle, startOracle } from "../../support/kubeconfigs/kubectl";

type Fields = Readonly<Record<string, unknown>>;

const V1 = "client.authentication.k8s.io/v1";
const V1BETA1 = "client.authentication.k8s.io/v1beta1";

describe("a credential plugin as kubectl runs it", function () {
  this.timeout(120_000);
  let oracle: Oracle;

  before(async () => {
    oracle = await startOracle();
  });

  after(() => {
    oracle.close();
  });

  function question(exec: Fields, program: string, { cluster = {}, user = {} }: Fields = {}): Case {
    const server = `https://127.0.0.1:${oracle.recorder.ports.home}`;
    const content = {
      "current-context": "home",
      clusters: [
        {
          name: "home",
          cluster: { server, "certificate-authority-data": oracle.data.authority, ...(cluster as object) },
        },
      ],
      users: [{ name: "home", user: { exec, ...(user as object) } }],
      contexts: [{ name: "home", context: { cluster: "home", user: "home" } }],
    };
    return {
      files: { ".kube/config": content, "bin/plugin": program },
      environment: { PATH: "/usr/bin:/bin" },
    };
  }

  /** A program that answers with credentials. */
  function answering(status: Fields, apiVersion = V1, before = ""): string {
    const answer = JSON.stringify({ apiVersion, kind: "ExecCredential", status });
    return `#!/bin/sh\n${before}\nprintf '%s' '${answer}'\n`;
  }

  const exec = { apiVersion: V1, command: "../bin/plugin", interactiveMode: "Never" };

  async function same(asked: Case): Promise<Fields> {
    const { kubectl, ours, error } = await oracle.ask(asked);
    assert.deepEqual(ours, kubectl, error);
    assert.equal(kubectl.length, 1, "kubectl sent no request");
    return kubectl[0] as unknown as Fields;
  }

  async function refused(asked: Case, why: RegExp): Promise<void> {
    const { kubectl, ours, error } = await oracle.ask(asked);
    assert.deepEqual([kubectl, ours], ["refused", "refused"]);
    assert.match(error, why);
    assert.doesNotMatch(error, /\n|s3cr3t/u);
  }

  it("gives a token, or a certificate and its key", async () => {
    const seen = await same(question(exec, answering({ token: "given" })));
    assert.equal(seen.authorization, "Bearer given");
    const yaml = `#!/bin/sh\nprintf 'apiVersion: ${V1}\\nkind: ExecCredential\\nstatus: {token: "%s"}\\n' of-yaml\n`;
    assert.equal((await same(question(exec, yaml))).authorization, "Bearer of-yaml");
    const { certificate, key } = oracle.recorder.client;
    const status = { clientCertificateData: certificate, clientKeyData: key };
    assert.equal((await same(question(exec, answering(status)))).client, "admin");
    const beta = { ...exec, apiVersion: V1BETA1, interactiveMode: undefined };
    const old = await same(question(beta, answering({ token: "beta" }, V1BETA1)));
    assert.equal(old.authorization, "Bearer beta");
  });

  it("is given its arguments, its variables and KUBERNETES_EXEC_INFO", async () => {
    // Its input becomes the token: kubectl and this project have to say the same.
    const program = [
      "#!/bin/sh",
      'given=$(printf "%s|%s|%s|%s" "$*" "$EXTRA" "$KUBERNETES_EXEC_INFO" "$HOME" | base64 | tr -d "\\n=" | tr "+/" "-_")',
      `printf '{"apiVersion":"${V1}","kind":"ExecCredential","status":{"token":"%s"}}' "$given"`,
    ].join("\n");
    const more = {
      args: ["a b", "", "'c'"],
      env: [
        { name: "EXTRA", value: "x y" },
        { name: "KUBERNETES_EXEC_INFO", value: "not this" },
        { name: "EMPTY", value: null },
      ],
    };
    const cluster = {
      "tls-server-name": "api.example",
      "disable-compression": true,
      "proxy-url": `http://127.0.0.1:${oracle.recorder.ports.proxy}`,
      extensions: [
        { name: "client.authentication.k8s.io/exec", extension: { audience: "x", list: [1, null] } },
      ],
    };
    for (const provideClusterInfo of [false, true]) {
      for (const told of [cluster, {}]) {
        const { authorization } = await same(
          question({ ...exec, ...more, provideClusterInfo }, program, { cluster: told }),
        );
        const text = Buffer.from(String(authorization).slice("Bearer ".length), "base64url").toString("utf8");
        assert.equal(text.includes('"cluster"'), provideClusterInfo);
        assert.ok(text.startsWith("a b  'c'|x y|{"), text);
      }
    }
  });

  it("is looked for in PATH, and in no other than this process's own", async () => {
    const named = { ...exec, command: "plugin" };
    const asked = question(named, answering({ token: "found" }));
    const inPath = { ...asked, environment: { PATH: "FOLDER/bin:/usr/bin:/bin" } };
    assert.equal((await same(inPath)).authorization, "Bearer found");
    const env = [{ name: "PATH", value: "/nowhere" }];
    const elsewhere = {
      ...question({ ...named, env }, answering({ token: "found" })),
      environment: inPath.environment,
    };
    assert.equal((await same(elsewhere)).authorization, "Bearer found");
    for (const PATH of [":/usr/bin:/bin", ".:/usr/bin:/bin", "bin:/usr/bin:/bin"])
      await refused(
        {
          ...asked,
          files: { ...asked.files, plugin: answering({ token: "s3cr3t" }) },
          environment: { PATH },
        },
        /failed: it is found relative to the current folder \((?:bin\/)?plugin\): remove the relative entry of PATH$/u,
      );
    const hint = { ...named, installHint: "brew install\n\u001b[1mplugin" };
    await refused(
      question(hint, ""),
      /^the credential plugin plugin of user "home" failed: there is no such program: brew install \[1mplugin$/u,
    );
  });

  it("is not run where the user has credentials, or the server is reached by HTTP", async () => {
    const program = answering({ token: "given" }, V1, 'echo run >> "$0.log"');
    const own = question(exec, program, { user: { token: "own" } });
    assert.equal((await same(own)).authorization, "Bearer own");
    const server = `http://127.0.0.1:${oracle.recorder.ports.plain}`;
    const plain = question(exec, program, { cluster: { server, "certificate-authority-data": null } });
    assert.equal((await same(plain)).authorization, "");
  });

  it("is refused where it answers with anything else, in its own words if it has some", async () => {
    const failing = (script: string): string => `#!/bin/sh\n${script}\n`;
    const refusals: readonly [string, RegExp][] = [
      [failing("echo 'login has expired' >&2; echo s3cr3t; exit 3"), /failed: login has expired$/u],
      [failing("exit 3"), /failed: exit status 3$/u],
      [failing("kill -9 $$"), /failed: killed by SIGKILL$/u],
      [failing("echo s3cr3t"), /answered with no credentials/u],
      [answering({}), /answered with no credentials/u],
      [answering({ token: "" }), /answered with no credentials/u],
      [answering({ token: "s3cr3t", clientKeyData: "x" }), /a certificate or a key/u],
      [answering({ token: "s3cr3t" }, V1BETA1), /answered in another version/u],
    ];
    for (const [program, why] of refusals) await refused(question(exec, program), why);
  });

  it("is refused where the kubeconfig does not say how to run it", async () => {
    const program = answering({ token: "s3cr3t" });
    const refusals: readonly [Fields, RegExp][] = [
      [{ ...exec, interactiveMode: null }, /user "home": exec.interactiveMode/u],
      [{ ...exec, interactiveMode: "Sometimes" }, /exec.interactiveMode/u],
      [{ ...exec, interactiveMode: "Always" }, /standard input is not one/u],
      [
        { ...exec, apiVersion: "client.authentication.k8s.io/v1alpha1", interactiveMode: "Never" },
        /exec.apiVersion/u,
      ],
      [{ ...exec, apiVersion: null }, /exec.apiVersion/u],
      [{ ...exec, command: "" }, /exec has no command|exec: command/u],
      [{ ...exec, env: [{ value: "x" }] }, /exec.env: a variable has no name/u],
    ];
    for (const [fields, why] of refusals) await refused(question(fields, program), why);
  });
});
