import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CoreV1Api } from "@kubernetes/client-node";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import type { Verdict } from "../../protocol/verdict";
import { parseMount } from "../../verdict/mountinfo";
import { clusterApi } from "../support/clients";
import { testCluster } from "../support/cluster";
import { newRun, UNASKED, words } from "../support/faults";
import { onNode } from "../support/nodes";
import { pulumiHome } from "../../tools/setup/paths";
import { type ProcessList, watchProcesses } from "../support/process-list";
import { testStack, type TestStack } from "../support/stack";

const namespace = "fuse-test";
const roles = ["producer", "consumer", "control"] as const;

/** A kubeconfig with its credentials in it: the cluster's own certificate and key, and a token beside them. */
interface Credentials {
  readonly text: string;
  readonly key: string;
  readonly token: string;
}

function inlineCredentials(cluster: ClusterDescriptor): Credentials {
  const config = JSON.parse(readFileSync(cluster.kubeconfig, "utf8")) as {
    users: { user: Record<string, string> }[];
  };
  const token = randomBytes(24).toString("hex");
  const [only] = config.users;
  assert.ok(only);
  only.user.token = token;
  return { text: JSON.stringify(config), key: only.user["client-key-data"] ?? "", token };
}

/** Every file below a folder, by its path. */
function files(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path, "latin1")]);
}

describe("secrets of a stack on a cluster of one's own", function () {
  this.timeout(240_000);
  const passphrase = randomBytes(16).toString("hex");
  let credentials: Credentials;
  let folder: string;
  let kubeconfig: string;
  let stack: TestStack;
  let core: CoreV1Api;
  let succeeded: { readonly printed: string; readonly processes: ProcessList };
  const logs = new Map<string, string>();
  /** Where a secret could have come to, by what it is. */
  const places: [string, string][] = [];

  /** Fields of a pod's event of one name. */
  function told(role: string, event: string): Record<string, unknown> {
    const line = (logs.get(role) ?? "").split("\n").find((text) => text.includes(`"event":"${event}"`));
    assert.ok(line, `the ${role} printed no ${event}`);
    return JSON.parse(line) as Record<string, unknown>;
  }

  async function up(): Promise<{ printed: string; verdict: Verdict; processes: ProcessList }> {
    const stop = watchProcesses();
    try {
      const finished = await stack.pulumi("up", ...UNASKED, "--policy-pack", "policy");
      assert.equal(finished.code, 0, words(finished));
      const outputs = (await stack.pulumi("stack output", "--json")).stdout;
      return {
        printed: words(finished) + outputs,
        verdict: JSON.parse(outputs) as Verdict,
        processes: await stop(),
      };
    } finally {
      await stop();
    }
  }

  before(async () => {
    const cluster = await testCluster();
    credentials = inlineCredentials(cluster);
    folder = mkdtempSync(join(tmpdir(), "fuse-test-security-"));
    kubeconfig = join(folder, "kubeconfig");
    writeFileSync(kubeconfig, credentials.text, { mode: 0o600 });
    core = clusterApi(cluster.name);
    stack = await testStack({ surroundings: { environment: { PULUMI_CONFIG_PASSPHRASE: passphrase } } });
    const settings = { cluster: "kubeconfig", kubeconfig, image: cluster.image };
    newRun(stack, settings);
    const first = await up();
    assert.equal(first.verdict.verdict, "SUCCESS", first.verdict.summary);
    succeeded = first;
    for (const role of roles)
      logs.set(role, await core.readNamespacedPodLog({ name: `fuse-${role}`, namespace }));
    const [pods, configMaps] = await Promise.all([
      core.listNamespacedPod({ namespace }),
      core.listNamespacedConfigMap({ namespace }),
    ]);
    places.push(
      ["pods", JSON.stringify(pods.items)],
      ["ConfigMaps", JSON.stringify(configMaps.items)],
      ["the report", files(first.verdict.report).join("\n")],
    );
    await onNode("w2", ["mount", "--make-rprivate", "/"]);
    try {
      newRun(stack, settings);
      const second = await up();
      assert.equal(second.verdict.cause, "root-not-shared", second.verdict.summary);
      places.push(
        ["the evidence", files(join(second.verdict.report, "evidence")).join("\n")],
        ["what up prints", first.printed + second.printed],
        ["command lines", [...first.processes.commandLines, ...second.processes.commandLines].join("\n")],
        ["environments", [...first.processes.variables, ...second.processes.variables].join("\n")],
      );
    } finally {
      await onNode("w2", ["mount", "--make-rshared", "/"]);
    }
    places.push(
      ["the exported state", (await stack.pulumi("stack export")).stdout],
      ["the backend's files", files(stack.folder).join("\n")],
    );
  });

  after(async () => {
    await stack.remove();
    rmSync(folder, { recursive: true });
  });

  /** Names of the places in which a text is found. */
  function placesOf(text: string): string[] {
    assert.ok(text.length >= 32);
    return [...places, ...logs].filter(([, content]) => content.includes(text)).map(([place]) => place);
  }

  it("are looked for if there is something to be found: the kubeconfig's path, and every program", () => {
    const found = placesOf(kubeconfig);
    for (const place of ["the exported state", "the backend's files"])
      assert.ok(found.includes(place), place);
    const seen = succeeded.processes.commandLines.join("\n");
    for (const program of ["commands/verdict.ts", "/fuse-test/producer.sh", "/fuse-test/consumer.sh"])
      assert.ok(seen.includes(program), program);
  });

  it("are not where the test keeps or shows anything: the client's key and token", () => {
    const { key, token } = credentials;
    assert.deepEqual(placesOf(token), []);
    assert.deepEqual(placesOf(key), []);
    const [first = ""] = Buffer.from(key, "base64").toString().split("\n").slice(1);
    assert.deepEqual(placesOf(first), []);
  });

  it("are in no log of the engine's own, which it does not write", () => {
    assert.equal(lstatSync(join(pulumiHome(), "logs")).isFile(), true);
  });

  it("are in the environment alone that the user gave them in: the passphrase", () => {
    assert.deepEqual(placesOf(passphrase), ["environments"]);
    const variables = succeeded.processes.variables.filter((variable) => variable.includes(passphrase));
    assert.deepEqual(variables, [`PULUMI_CONFIG_PASSPHRASE=${passphrase}`]);
  });

  it("are reported by the one who read them through the mount alone: the nonce, of which the producer tells a hash", () => {
    assert.deepEqual(placesOf(String(told("consumer", "read").nonce)), ["consumer"]);
    assert.match(String(told("producer", "mounted").nonceSha256), /^[0-9a-f]{64}$/);
  });

  it("could not be got at by the consumer and the control, which have no privilege at all", () => {
    for (const role of ["consumer", "control"] as const) {
      const { uid, gid, capEff, capPrm, capBnd, noNewPrivs, seccomp, bridge } = told(role, "started");
      const none = "0000000000000000";
      assert.deepEqual([uid, gid, capEff, capPrm, capBnd], [10001, 10001, none, none, none]);
      // Seccomp 2: a filter, which is the runtime's default.
      assert.deepEqual([noNewPrivs, seccomp], ["1", "2"]);
      assert.match(String(bridge), / \/mnt\/dfs ro,/);
      const mounts = (told(role, "mountinfo").lines as string[]).map(parseMount);
      const options = (point: string): string | undefined =>
        mounts.find((mount) => mount?.mountPoint === point)?.options[0];
      assert.deepEqual([options("/"), options("/fuse-test"), options("/scratch")], ["ro", "ro", "rw"]);
      assert.deepEqual(
        mounts.filter((mount) => mount?.mountPoint.includes("serviceaccount")),
        [],
      );
    }
  });
});
