import assert from "node:assert/strict";
import { programsManifest } from "../../../manifests/configmap";
import { namespaceManifest, networkPolicyManifest, quotaManifest } from "../../../manifests/namespace";
import { CLEANING_COMMANDS, COMMAND } from "../../../policy/rules/allowlist";
import { judgeInProject } from "../../../policy/rules/evaluate";
import { snapshot } from "../../../policy/rules/snapshot";
import { changed, REMOVED } from "../../policy/cases/case";
import { cleaning, judging } from "./requests";
import { linesOf } from "./violation-lines";

const TEST = "fuse-test:index:FuseTest";
const COMMAND_TYPE = "command:local:Command";

/** Resources of the program other than its pods: their place and their properties. */
interface Own {
  readonly name: string;
  /** Types of its parents and its own, as its URN has them. */
  readonly types: readonly string[];
  readonly props: unknown;
}

const ours: Readonly<Record<string, Own>> = {
  provider: {
    name: "cluster",
    types: ["pulumi:providers:kubernetes"],
    props: {
      kubeconfig: "/home/somebody/.kube/config",
      context: "default",
      enableServerSideApply: "true",
      version: "4.25.0",
    },
  },
  namespace: {
    name: "fuse-test",
    types: [TEST, "fuse-test:index:TestNamespace", "kubernetes:core/v1:Namespace"],
    props: namespaceManifest("fuse-test", "local.0123456789abcdef"),
  },
  quota: {
    name: "fuse-test-quota",
    types: [TEST, "fuse-test:index:TestNamespace", "kubernetes:core/v1:ResourceQuota"],
    props: quotaManifest("fuse-test"),
  },
  "network policy": {
    name: "fuse-test-deny-all",
    types: [TEST, "fuse-test:index:TestNamespace", "kubernetes:networking.k8s.io/v1:NetworkPolicy"],
    props: networkPolicyManifest("fuse-test"),
  },
  programs: {
    name: "fuse-test-programs",
    types: [TEST, "fuse-test:index:Programs", "kubernetes:core/v1:ConfigMap"],
    props: programsManifest("fuse-test", "local.0123456789abcdef"),
  },
  verdict: {
    name: "fuse-test-verdict",
    types: [TEST, "fuse-test:index:TestVerdict", COMMAND_TYPE],
    props: { create: COMMAND, stdin: JSON.stringify(judging), logging: "stderr", triggers: ["uid"] },
  },
  cleanup: {
    name: "fuse-test-cleanup",
    types: [TEST, "fuse-test:index:Cleanup", COMMAND_TYPE],
    props: { ...CLEANING_COMMANDS, stdin: JSON.stringify(cleaning), logging: "stderr" },
  },
};

function judged({ name, types, props }: Own): string[] {
  return linesOf(
    judgeInProject({
      type: types.at(-1) ?? "",
      name,
      urn: `urn:pulumi:local::fuse-test::${types.join("$")}::${name}`,
      props: snapshot(props),
      ignoreChanges: [],
      provider: { type: "pulumi:providers:kubernetes", name: "cluster" },
    }),
  );
}

/** Changes that the policies refuse: the field, its value, and the violation. */
const refused: readonly (readonly [own: string, path: readonly string[], value: unknown, said: string])[] = [
  ["provider", ["kubeconfig"], "apiVersion: v1\nclusters: []", 'namespace kubeconfig: "apiVersion: v1'],
  ["provider", ["context"], "", 'namespace context: "", not one line of text'],
  [
    "provider",
    ["enableServerSideApply"],
    "false",
    'resource enableServerSideApply: "false", not true or "true"',
  ],
  [
    "provider",
    ["upsertExistingObjects"],
    "true",
    'resource upsertExistingObjects: "true", not that it is not set',
  ],
  ["provider", ["namespace"], "default", 'resource namespace: "default", not that it is not set'],
  ["namespace", ["metadata", "labels", "fuse-test/owner"], "two words", "two words"],
  [
    "namespace",
    ["metadata", "annotations", "pulumi.com/patchFieldManager"],
    "kubectl",
    "this project's field manager",
  ],
  [
    "namespace",
    ["metadata", "labels", "pod-security.kubernetes.io/enforce"],
    "baseline",
    'privilege metadata.labels["pod-security.kubernetes.io/enforce"]: "baseline"',
  ],
  ["quota", ["spec", "hard", "pods"], "100", 'bounds spec.hard.pods: "100", not less than 100'],
  ["quota", ["spec", "hard", "limits.cpu"], "many", 'bounds spec.hard["limits.cpu"]: "many", not an amount'],
  ["quota", ["spec", "hard", "services"], "1", 'bounds spec.hard.services: "1", not "0"'],
  [
    "quota",
    ["spec", "hard", "persistentvolumeclaims"],
    "1",
    'bounds spec.hard.persistentvolumeclaims: "1", not "0"',
  ],
  ["quota", ["spec", "scopes"], ["BestEffort"], 'bounds spec.scopes: ["BestEffort"], not that it is not set'],
  ["network policy", ["spec", "policyTypes"], ["Ingress"], 'privilege spec.policyTypes: ["Ingress"]'],
  [
    "network policy",
    ["spec", "podSelector"],
    { matchLabels: { a: "b" } },
    "privilege spec.podSelector.matchLabels",
  ],
  ["network policy", ["spec", "egress"], [{}], "privilege spec.egress: [{}], not that it is not set"],
  ["programs", ["data", "producer.py"], "#", "command data"],
  ["programs", ["data", "producer.sh"], "modprobe", 'command data["producer.sh"]: "modprobe", not a program'],
  ["programs", ["binaryData"], { "producer.sh": "Iw==" }, "resource binaryData"],
  ["verdict", ["create"], "id", `command create: "id", not ${JSON.stringify(COMMAND)}`],
  ["verdict", ["delete"], "id", 'resource delete: "id", not that it is not set'],
  ["verdict", ["logging"], "none", 'command logging: "none", not "stderr"'],
  ["cleanup", ["create"], "id", 'command create: "id", not "cat"'],
  ["cleanup", ["update"], "id", `command update: "id", not ${JSON.stringify(CLEANING_COMMANDS.update)}`],
  ["cleanup", ["delete"], "id", `command delete: "id", not ${JSON.stringify(CLEANING_COMMANDS.delete)}`],
  ["cleanup", ["triggers"], ["x"], 'resource triggers: ["x"], not that it is not set'],
  ["cleanup", ["logging"], "none", 'command logging: "none", not "stderr"'],
];

/** Fields that have to be there. */
const needed: readonly (readonly [own: string, path: readonly string[]])[] = [
  ["provider", ["enableServerSideApply"]],
  ["namespace", ["metadata", "labels", "pod-security.kubernetes.io/enforce"]],
  ["quota", ["spec"]],
  ["quota", ["spec", "hard", "services"]],
  ["network policy", ["spec", "policyTypes"]],
  ["programs", ["data"]],
  ["verdict", ["create"]],
  ["verdict", ["stdin"]],
  ["cleanup", ["create"]],
  ["cleanup", ["update"]],
  ["cleanup", ["delete"]],
  ["cleanup", ["logging"]],
];

function own(name: string): Own {
  const found = ours[name];
  assert.ok(found, name);
  return found;
}

describe("What the program makes besides its pods", () => {
  for (const name of Object.keys(ours)) {
    it(`is right as it is: the ${name}`, () => {
      assert.deepEqual(judged(own(name)), []);
    });
  }

  for (const [name, path, value, said] of refused) {
    it(`is refused where the ${name} has ${path.join(".")}: ${JSON.stringify(value)}`, () => {
      const one = own(name);
      const [first = "", ...others] = judged({ ...one, props: changed(one.props, path, value) });
      assert.ok(first.includes(said), first);
      assert.deepEqual(others, []);
    });
  }

  for (const [name, path] of needed) {
    it(`is refused where the ${name} has no ${path.join(".")}`, () => {
      const one = own(name);
      const [first = "", ...others] = judged({ ...one, props: changed(one.props, path, REMOVED) });
      assert.ok(first.includes(": nothing, not "), first);
      assert.deepEqual(others, []);
    });
  }
});
