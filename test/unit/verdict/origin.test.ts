import assert from "node:assert/strict";
import fc from "fast-check";
import type { Role } from "../../../manifests/common";
import { decide } from "../../../verdict/decide";
import { comparePod, comparePrograms } from "../../../verdict/origin/compare";
import { expectedTest } from "../../../verdict/origin/expected";
import { observed, passing, passingFacts, passingLog } from "../../support/observations";

type Fields = Record<string, unknown>;
interface Pod {
  metadata: { labels: Fields; annotations: Fields; name: string };
  spec: Fields & {
    containers: [Fields & { env: Fields[]; volumeMounts: Fields[]; securityContext: Fields }];
  } & {
    volumes: Fields[];
  };
}

const roles = ["producer", "consumer", "control"] as const;
const expected = expectedTest(passing().question);

/** A pod as the API server of a cluster gives it back, with what it fills in. */
function given(role: Role): Pod {
  const pod = structuredClone(expected.pods[role]) as Pod;
  const [container] = pod.spec.containers;
  Object.assign(container, {
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    resources: { requests: { cpu: "10m" } },
  });
  Object.assign(pod.metadata, { uid: "u", resourceVersion: "1", managedFields: [] });
  Object.assign(pod.spec, {
    schedulerName: "default-scheduler",
    serviceAccountName: "default",
    serviceAccount: "default",
    securityContext: {},
    preemptionPolicy: "PreemptLowerPriority",
    priority: 0,
    tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" }],
  });
  return pod;
}

function difference(role: Role, change: (pod: Pod, container: Pod["spec"]["containers"][0]) => void): string {
  const pod = given(role);
  change(pod, pod.spec.containers[0]);
  return comparePod(expected.pods[role], pod) ?? "none";
}

describe("a pod that is compared with what this version ships", () => {
  for (const role of roles) {
    it(`is the same with what the API server fills in: ${role}`, () => {
      assert.equal(
        difference(role, () => undefined),
        "none",
      );
    });
  }

  const tolerated: readonly (readonly [string, (pod: Pod, container: Fields & { env: Fields[] }) => void])[] =
    [
      ["labels and annotations of others", ({ metadata }) => (metadata.labels["kyverno.io/x"] = "y")],
      ["a pull policy of AlwaysPullImages", (_, one) => (one.imagePullPolicy = "Always")],
      ["pull secrets", ({ spec }) => (spec.imagePullSecrets = [{ name: "registry" }])],
      ["a node selector", ({ spec }) => (spec.nodeSelector = { disk: "fast" })],
      ["a priority class", ({ spec }) => (spec.priorityClassName = "low")],
      ["a proxy for the network", (_, one) => one.env.push({ name: "HTTPS_PROXY", value: "http://p" })],
      ["a time zone", (_, one) => one.env.push({ name: "TZ", value: "UTC" })],
      [
        "another time limit",
        (_, one) =>
          (one.env = one.env.map((v) =>
            String(v.name).endsWith("_SECONDS") && v.name !== "LIFETIME_SECONDS" ? { ...v, value: "7" } : v,
          )),
      ],
      ["OpenShift's level", ({ spec }) => (spec.securityContext = { seLinuxOptions: { level: "s0:c1" } })],
    ];
  for (const [what, change] of tolerated) {
    it(`may have ${what}`, () => {
      for (const role of roles) assert.equal(difference(role, change), "none", role);
    });
  }

  const foreign: readonly (readonly [RegExp, (pod: Pod, container: Pod["spec"]["containers"][0]) => void])[] =
    [
      [
        /^spec.containers\[0\].command: expected .*consumer.sh.*, got \["cat","\/log"\]$/,
        (_, one) => (one.command = ["cat", "/log"]),
      ],
      [/^spec.containers\[0\].args: expected none, got/, (_, one) => (one.args = ["-c", "true"])],
      [/^spec.containers\[0\].image: expected/, (_, one) => (one.image = "busybox:1")],
      [/^spec.containers\[0\].workingDir/, (_, one) => (one.workingDir = "/scratch")],
      [
        /^spec.containers\[0\].lifecycle/,
        (_, one) => (one.lifecycle = { postStart: { exec: { command: ["x"] } } }),
      ],
      [/^spec.containers\[0\].livenessProbe/, (_, one) => (one.livenessProbe = { exec: { command: ["x"] } })],
      [/^spec.containers\[0\].envFrom/, (_, one) => (one.envFrom = [{ configMapRef: { name: "x" } }])],
      [
        /env RUN: expected/,
        (_, one) => (one.env = one.env.map((v) => (v.name === "RUN" ? { ...v, value: "r0" } : v))),
      ],
      [/env ROLE: it is missing/, (_, one) => (one.env = one.env.filter(({ name }) => name !== "ROLE"))],
      [/env LD_PRELOAD: expected none$/, (_, one) => one.env.push({ name: "LD_PRELOAD", value: "secret" })],
      [
        /env TIMEOUT_SECONDS: expected/,
        (_, one) =>
          (one.env = one.env.map((v) => (v.name === "TIMEOUT_SECONDS" ? { ...v, value: "$(x)" } : v))),
      ],
      [
        /volumeMounts \/bin: expected none/,
        (_, one) => one.volumeMounts.push({ name: "scratch", mountPath: "/bin" }),
      ],
      [
        /volumeMounts \/mnt\/dfs: expected/,
        (_, one) =>
          (one.volumeMounts = one.volumeMounts.map((m) => ({
            ...m,
            subPath: m.name === "bridge" ? "x" : undefined,
          }))),
      ],
      [
        /securityContext.runAsUser: expected 10001, got 0/,
        (_, one) => (one.securityContext = { ...one.securityContext, runAsUser: 0 }),
      ],
      [
        /allowPrivilegeEscalation: expected false, got none/,
        (_, one) => delete one.securityContext.allowPrivilegeEscalation,
      ],
      [/capabilities.drop/, (_, one) => (one.securityContext = { ...one.securityContext, capabilities: {} })],
      [
        /capabilities.add: expected none, got \["SYS_ADMIN"\]/,
        (_, one) =>
          (one.securityContext = {
            ...one.securityContext,
            capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] },
          }),
      ],
      [
        /^spec.initContainers: expected none, got first/,
        ({ spec }) => (spec.initContainers = [{ name: "first" }]),
      ],
      [
        /^spec.containers: expected consumer, got consumer, istio-proxy/,
        ({ spec }) => (spec.containers as Fields[]).push({ name: "istio-proxy" }),
      ],
      [
        /^spec.containers\[0\].name: expected "consumer", got "istio-proxy"/,
        ({ spec }) => (spec.containers as Fields[]).unshift({ name: "istio-proxy" }),
      ],
      [
        /^spec.ephemeralContainers: expected none, got debugger/,
        ({ spec }) => (spec.ephemeralContainers = [{ name: "debugger" }]),
      ],
      [
        /^spec.volumes token: expected none/,
        ({ spec }) => spec.volumes.push({ name: "token", projected: { sources: [] }, x: 1 }),
      ],
      [
        /^spec.volumes bridge: expected .*, got .*\/tmp\/other/,
        ({ spec }) =>
          (spec.volumes = spec.volumes.map((v) =>
            v.name === "bridge" ? { ...v, hostPath: { path: "/tmp/other", type: "DirectoryOrCreate" } } : v,
          )),
      ],
      [
        /^spec.volumes scratch: expected .*, got .*hostPath/,
        ({ spec }) =>
          (spec.volumes = spec.volumes.map((v) =>
            v.name === "scratch" ? { name: "scratch", hostPath: { path: "/tmp" } } : v,
          )),
      ],
      [
        /^spec.volumes scratch: expected/,
        ({ spec }) =>
          (spec.volumes = spec.volumes.map((v) => (v.name === "scratch" ? { name: "scratch" } : v))),
      ],
      [/^spec.hostPID: expected none, got true/, ({ spec }) => (spec.hostPID = true)],
      [/^spec.shareProcessNamespace/, ({ spec }) => (spec.shareProcessNamespace = true)],
      [/^spec.hostUsers: expected true, got false/, ({ spec }) => (spec.hostUsers = false)],
      [/^metadata.labels fuse-test\/run/, ({ metadata }) => (metadata.labels["fuse-test/run"] = "r0")],
      [
        /^metadata.annotations fuse-test\/programs/,
        ({ metadata }) => (metadata.annotations["fuse-test/programs"] = "0"),
      ],
      [/^metadata.name: expected "fuse-consumer", got "x"/, ({ metadata }) => (metadata.name = "x")],
    ];
  for (const [words, change] of foreign) {
    it(`is named by its first difference: ${String(words)}`, () => {
      assert.match(difference("consumer", change), words);
    });
  }

  it("never throws for anything that an API may answer, and is never the same", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        assert.equal(typeof comparePod(expected.pods.consumer, value), "string");
        assert.equal(typeof comparePrograms(expected.programs, value), "string");
      }),
    );
  });
});

describe("a ConfigMap that is compared with the programs of this version", () => {
  it("is the same by its content alone", () => {
    assert.equal(
      comparePrograms(expected.programs, { metadata: { name: "x" }, data: expected.programs }),
      undefined,
    );
  });

  it("is named by the file that differs, is missing or is one more", () => {
    const { "common.sh": common = "", ...rest } = expected.programs;
    const of = (data: Fields, binaryData: Fields = {}): string =>
      comparePrograms(expected.programs, { data, binaryData }) ?? "none";
    assert.match(
      of({ ...rest, "common.sh": `${common} ` }),
      /^common.sh: expected SHA-256 [0-9a-f]{12}, got/,
    );
    assert.match(of(rest), /^common.sh: it is missing$/);
    assert.match(of({ ...expected.programs, "x.sh": "" }), /^x.sh: expected none$/);
    assert.match(of(expected.programs, { "y.sh": "AA==" }), /^y.sh: expected none$/);
  });
});

describe("the verdict on pods that are not this version's", () => {
  const difference = 'spec.containers[0].command: expected ["/bin/sh"], got ["cat"]';

  for (const role of roles) {
    it(`is ERROR foreign-pods although everything else holds: ${role}`, () => {
      const foreignPod = observed(role, passingLog(role), { ...passingFacts(role), difference });
      const decision = decide(passing({ pods: { ...passing().pods, [role]: foreignPod } }));
      assert.ok(decision.certain);
      const { verdict, cause, summary } = decision.judgement;
      assert.deepEqual([verdict, cause], ["ERROR", "foreign-pods"]);
      assert.ok(summary.includes(`pod fuse-${role}, ${difference}`), summary);
    });
  }

  it("is ERROR foreign-pods for other programs, and none while they were not read", () => {
    const other = decide(passing({ programs: { difference: "common.sh: it is missing" } }));
    assert.ok(other.certain);
    assert.equal(other.judgement.cause, "foreign-pods");
    assert.equal(decide(passing({ programs: undefined })).certain, false);
  });

  it("is ERROR foreign-pods for a pod whose image of the same name is another", () => {
    const facts = passingFacts("consumer");
    const container = { ...facts.container, imageId: "sha256:ff" };
    const pods = {
      ...passing().pods,
      consumer: observed("consumer", passingLog("consumer"), { ...facts, container }),
    };
    const decision = decide(passing({ pods }));
    assert.ok(decision.certain);
    assert.equal(decision.judgement.cause, "foreign-pods");
  });
});
