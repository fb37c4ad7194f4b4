import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { FuseTest as FuseTestComponent } from "../../components/fuse-test";
import type { PodSettings } from "../../manifests/common";
import { readSettings } from "../../config/settings";
import type { Suite } from "../../config/suites";
import type { CleanRequest } from "../../protocol/cleanup-request";
import { CLEANING_COMMANDS } from "../../policy/rules/allowlist";
import { recordResources, type Registered } from "../support/mocks";
import { aVerdict } from "../support/verdicts";

const image = `fuse-test.local/tools@sha256:${"0".repeat(64)}`;
const settings: PodSettings = {
  ...readSettings({ image, run: "r1", hostPath: "/tmp/fuse-test-bridge/r1" }),
  image,
  imagePullPolicy: "Never",
};
const request = {
  kubeconfig: "/kubeconfig",
  namespace: "fuse-test",
  node: "w2",
  run: "r1",
  driver: "rclone",
  image,
  hostPath: settings.hostPath,
  timeoutSeconds: 120,
  reports: "reports",
};
const deployedOn = {
  kubeconfig: "/kubeconfig",
  context: "home",
  cluster: "home",
  server: "https://10.0.0.1:6443",
  authority: "a1",
};
const start = "2026-01-02T03:04:05.000Z";

interface Declared {
  readonly registered: Registered[];
  readonly result: unknown;
}

/** Declares the test under mocks and waits until everything in it is registered. */
async function declare(options: {
  preview?: boolean;
  suite?: Suite;
  keepNamespace?: boolean;
  preflight: unknown;
  verdict?: unknown;
}): Promise<Declared> {
  const registered = await recordResources({
    preview: options.preview ?? false,
    stdout: {
      "fuse-test-preflight": JSON.stringify(options.preflight),
      "fuse-test-verdict": JSON.stringify(options.verdict ?? aVerdict()),
      "fuse-test-examination": JSON.stringify(options.verdict ?? aVerdict()),
    },
  });
  // The component reads at declaration whether this is a preview, so it is loaded after the mocks are set.
  const { FuseTest } = (await import("../../components/fuse-test.js")) as {
    FuseTest: typeof FuseTestComponent;
  };
  const test = new FuseTest("fuse-test", {
    deployedOn,
    pods: settings,
    bridge: "/tmp/fuse-test-bridge",
    request,
    owner: "local-00000000",
    claim: Promise.resolve(),
    keepNamespace: options.keepNamespace ?? false,
    suite: options.suite ?? "quick",
    before: [],
  });
  const result = await new Promise((resolve) => (test.result as pulumi.Output<unknown>).apply(resolve));
  await pulumi.runtime.disconnect();
  return { registered, result };
}

function typesOf(registered: readonly Registered[]): string[] {
  return registered.map(({ type, name }) => `${type} ${name}`).sort();
}

const withoutPods = [
  "command:local:Command fuse-test-cleanup",
  "command:local:Command fuse-test-preflight",
  "fuse-test:index:Cleanup fuse-test-cleanup",
  "fuse-test:index:FuseTest fuse-test",
  "fuse-test:index:Preflight fuse-test-preflight",
  "fuse-test:index:Programs fuse-test-programs",
  "fuse-test:index:TestNamespace fuse-test",
  "kubernetes:core/v1:ConfigMap fuse-test-programs",
  "kubernetes:core/v1:Namespace fuse-test",
  "kubernetes:core/v1:ResourceQuota fuse-test-quota",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy fuse-test-deny-all",
];
const namespaceAlone = [
  "fuse-test:index:TestNamespace fuse-test",
  "kubernetes:core/v1:Namespace fuse-test",
  "kubernetes:core/v1:ResourceQuota fuse-test-quota",
  "kubernetes:networking.k8s.io/v1:NetworkPolicy fuse-test-deny-all",
];
const onlyPods = [
  "command:local:Command fuse-test-verdict",
  "fuse-test:index:Consumer fuse-test-consumer",
  "fuse-test:index:Consumer fuse-test-control",
  "fuse-test:index:Producer fuse-test-producer",
  "fuse-test:index:TestVerdict fuse-test-verdict",
  "kubernetes:core/v1:Pod fuse-test-consumer",
  "kubernetes:core/v1:Pod fuse-test-control",
  "kubernetes:core/v1:Pod fuse-test-producer",
];

describe("the test as a component", () => {
  it("declares exactly these resources when the preflight passes, and gives the command's verdict", async () => {
    const { registered, result } = await declare({ preflight: { start, verdict: null } });
    assert.deepEqual(typesOf(registered), [...withoutPods, ...onlyPods].sort());
    assert.deepEqual(result, aVerdict());
  });

  it("makes no pod when the preflight found what stops the test, and gives its verdict", async () => {
    const verdict = aVerdict({ verdict: "ERROR", cause: "node-missing", checks: [] });
    const { registered, result } = await declare({ preflight: { start, verdict } });
    assert.deepEqual(typesOf(registered), withoutPods);
    assert.deepEqual(result, verdict);
  });

  it("declares the pods in a preview whatever the preflight would say, so that policies see them", async () => {
    const verdict = aVerdict({ verdict: "ERROR", cause: "node-missing", checks: [] });
    const { registered } = await declare({ preview: true, preflight: { start, verdict } });
    assert.deepEqual(typesOf(registered), [...withoutPods, ...onlyPods].sort());
  });

  it("makes no namespace that an administrator keeps", async () => {
    const { registered } = await declare({ keepNamespace: true, preflight: { start, verdict: null } });
    const kept = [...withoutPods, ...onlyPods].filter((name) => !namespaceAlone.includes(name));
    assert.deepEqual(typesOf(registered), kept.sort());
    const cleanup = registered.find(({ name, inputs }) => name === "fuse-test-cleanup" && "stdin" in inputs);
    const { owner, keepNamespace } = JSON.parse(String(cleanup?.inputs.stdin)) as Partial<CleanRequest>;
    assert.deepEqual([owner, keepNamespace], ["local-00000000", true]);
  });

  it("sends the requests by standard input, and nothing of them on the command line", async () => {
    const { registered } = await declare({ preflight: { start, verdict: null } });
    const commands = registered.filter(
      ({ type, name }) => type === "command:local:Command" && name !== "fuse-test-cleanup",
    );
    assert.deepEqual(
      commands.map(({ inputs }) => inputs.create),
      [
        "node tools/load.cjs commands/verdict.ts --request -",
        "node tools/load.cjs commands/verdict.ts --request -",
      ],
    );
    const judge = commands.find(({ name }) => name === "fuse-test-verdict");
    const stdin = JSON.parse(String(judge?.inputs.stdin)) as { cleaning: CleanRequest };
    const { cleaning, ...judged } = stdin;
    assert.deepEqual(judged, { ...request, mode: "judge", start, ended: [] });
    assert.equal(cleaning.hostPath, "/tmp/fuse-test-bridge");
    assert.deepEqual(judge?.inputs.triggers, [
      "uid-of-fuse-test-producer",
      "uid-of-fuse-test-consumer",
      "uid-of-fuse-test-control",
    ]);
  });

  it("cleans by one command, which keeps what was deployed, whatever the run", async () => {
    const { registered } = await declare({ preflight: { start, verdict: null } });
    const [cleanup, ...others] = registered.filter(({ inputs }) => inputs.delete !== undefined);
    assert.deepEqual(others, []);
    const { stdin, ...commands } = cleanup?.inputs ?? {};
    assert.deepEqual(commands, { ...CLEANING_COMMANDS, logging: "stderr" });
    assert.deepEqual(JSON.parse(String(stdin)), {
      kubeconfig: "/kubeconfig",
      server: "https://10.0.0.1:6443",
      owner: "local-00000000",
      keepNamespace: false,
      namespace: "fuse-test",
      node: "w2",
      hostPath: "/tmp/fuse-test-bridge",
      image,
      imagePullPolicy: "Never",
      tolerations: settings.tolerations,
      resources: settings.resources.consumer,
    });
  });

  it("deletes everything else with that command", async () => {
    const { registered } = await declare({ suite: "full", preflight: { start, verdict: null } });
    const own = registered.filter(
      ({ type, name }) => !type.startsWith("fuse-test:") && name !== "fuse-test-cleanup",
    );
    assert.equal(own.length, 12);
    for (const { name, deletedWith } of own)
      assert.match(deletedWith, /command:local:Command::fuse-test-cleanup$/, name);
  });
});
