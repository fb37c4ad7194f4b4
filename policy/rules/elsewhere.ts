import {
  DEVICE_ANNOTATION,
  DEVICE_DIRECTORY,
  DEVICE_IN_ANNOTATION,
  DEVICE_VARIABLE,
  FUSE_NAME,
  FUSE_PROGRAM,
  MOUNTING,
  NAMELESS_IMAGE,
  TEST_IMAGE,
  TEST_LABEL,
} from "./allowlist";
import type { Validation, Variable } from "../admission/validations";
import { ABOVE_FORBIDDEN, FORBIDDEN_PATH, INFRASTRUCTURE_PATH, KUBELET_PATH, NAMED_PATH } from "./host-path";
import { matchesExpression } from "./pattern";
import { HOOKS } from "./pod-parts";

/** Returns the CEL expression of an object's field, with a default if it has none. */
function fieldOr(at: string, key: string, absent: string): string {
  const name = JSON.stringify(key);
  return `(${name} in ${at} ? ${at}[${name}] : ${absent})`;
}

const list = (at: string, key: string): string => fieldOr(at, key, "dyn([])");
const fields = (at: string, key: string): string => fieldOr(at, key, "dyn({})");
const text = (at: string, key: string): string => fieldOr(at, key, 'dyn("")');

/** Returns the CEL expression of a node's path in the one spelling that the patterns expect. */
const nodePath = (path: string): string => `${path}.split("/").filter(s, s != "" && s != ".").join("/")`;

/** Controllers of Kubernetes: the templates of their pods were judged when they were written. */
const CONTROLLERS = [
  "system:kube-controller-manager",
  ...["cronjob", "daemon-set", "deployment", "job", "replicaset", "replication", "statefulset"].map(
    (name) =>
      `system:serviceaccount:kube-system:${name === "replication" ? "replication-controller" : `${name}-controller`}`,
  ),
];

/** Returns the CEL expression of the pod template in an object of a kind that has one. */
function templateOf(root: string): string {
  const spec = fields(root, "spec");
  return [
    `${root}["kind"] == "CronJob" ? ${root}["spec"]["jobTemplate"]["spec"]["template"]`,
    `${root}["kind"] == "PodTemplate" ? ${fields(root, "template")}`,
    `${root}["kind"] == "ControllerRevision" ? ${fields(fields(fields(root, "data"), "spec"), "template")}`,
    fields(spec, "template"),
  ].join(" : ");
}

/** Kinds that hold the template of a pod. */
const WITH_TEMPLATE = [
  "ControllerRevision",
  "CronJob",
  "DaemonSet",
  "Deployment",
  "Job",
  "PodTemplate",
  "ReplicaSet",
  "ReplicationController",
  "StatefulSet",
];

/** True if an update does not change the pod template: the pods that the controller creates are judged by themselves. */
export const SAME_TEMPLATE = `request.kind.kind in ${JSON.stringify(WITH_TEMPLATE)} && (${templateOf("dyn(object)")}) == (${templateOf("dyn(oldObject)")})`;

const executed = (hook: readonly string[]): string =>
  list(fields(hook.reduce(fields, "c"), "exec"), "command");

/** True if a container of the pod runs a FUSE program, by its name. */
const runsFuse = [
  matchesExpression(text("c", "image"), FUSE_PROGRAM),
  `(${[list("c", "command"), list("c", "args"), ...HOOKS.map(executed)].join(" + ")}).exists(a, ${matchesExpression("a", FUSE_PROGRAM)})`,
  `${list("c", "env")}.exists(e, ${matchesExpression(text("e", "value"), FUSE_PROGRAM)})`,
].join(" || ");

const FUSE_VARIABLE: Variable = { name: "fuse", expression: `variables.containers.exists(c, ${runsFuse})` };

/** Variables that the validations of objects elsewhere read: the pod template, wherever the kind has it. */
export const WORKLOAD_VARIABLES: readonly Variable[] = [
  { name: "root", expression: "dyn(object)" },
  { name: "kind", expression: 'variables.root["kind"]' },
  {
    name: "pod",
    expression: [
      'variables.kind in ["Pod", "PersistentVolume", "ResourceClaim", "DeviceClass"] ? variables.root',
      `variables.kind == "ResourceClaimTemplate" ? ${fields("variables.root", "spec")}`,
      templateOf("variables.root"),
    ].join(" : "),
  },
  { name: "spec", expression: fields("variables.pod", "spec") },
  { name: "metadata", expression: fields("variables.pod", "metadata") },
  { name: "labels", expression: fields("variables.metadata", "labels") },
  { name: "annotations", expression: fields("variables.metadata", "annotations") },
  {
    name: "containers",
    expression: ["containers", "initContainers", "ephemeralContainers"]
      .map((key) => list("variables.spec", key))
      .join(" + "),
  },
  { name: "volumes", expression: list("variables.spec", "volumes") },
  { name: "directories", expression: 'variables.volumes.filter(v, "hostPath" in v)' },
  FUSE_VARIABLE,
  {
    name: "maintains",
    expression: `request.userInfo.username in ${JSON.stringify(CONTROLLERS)} || authorizer.group("storage.k8s.io").resource("csidrivers").check("create").allowed()`,
  },
];

const directoryPath = nodePath('v["hostPath"]["path"]');

/** True if a mount propagates in a directory of infrastructure, for a requester who may maintain infrastructure. */
const isInfrastructure = [
  'variables.directories.exists(v, v["name"] == m["name"])',
  `variables.directories.all(v, v["name"] != m["name"] || (!${matchesExpression(directoryPath, FORBIDDEN_PATH)} && (${matchesExpression(directoryPath, KUBELET_PATH)} || (${matchesExpression(directoryPath, INFRASTRUCTURE_PATH)} && !variables.fuse))))`,
  "variables.maintains",
].join(" && ");

const joined = (part: string): string => nodePath(`(v["hostPath"]["path"] + "/" + ${part})`);

/** True if no mount selects a forbidden part of a directory. */
const subPaths = [
  `(!("subPath" in m) || !${matchesExpression(joined('m["subPath"]'), FORBIDDEN_PATH)})`,
  `(!("subPathExpr" in m) || (m["subPathExpr"].contains("$(") ? !${matchesExpression(directoryPath, ABOVE_FORBIDDEN)} : !${matchesExpression(joined('m["subPathExpr"]'), FORBIDDEN_PATH)}))`,
].join(" && ");

const device = (kind: string): string =>
  `!${fields(fields("c", "resources"), kind)}.exists(name, ${matchesExpression("name", FUSE_NAME)})`;

const chooses = (at: string, key: string): string =>
  `(!("${key}" in ${at}) || !${matchesExpression(`${at}["${key}"]`, FUSE_NAME)})`;

/** Returns the rule for the selectors of an object that selects devices. */
const selectors = (at: string): string =>
  `${list(at, "selectors")}.all(e, ${chooses(fields("e", "cel"), "expression")})`;

/** Parameters for device drivers, of which only paths are judged. */
const parameters = fields(fields("g", "opaque"), "parameters");

const configuration = (at: string): string =>
  `${list(at, "config")}.all(g, ${chooses(fields("g", "opaque"), "driver")} && ${parameters}.all(k, type(${parameters}[k]) != string || !${matchesExpression(nodePath(`${parameters}[k]`), NAMED_PATH)}))`;

const request = (at: string): string => `${chooses(at, "deviceClassName")} && ${selectors(at)}`;

/** Rule for the requests of a claim, in every form that the API has had. */
const claimsNoDevice = [
  `${list(fields("variables.spec", "devices"), "requests")}.all(r, ${[
    request("r"),
    `(!("exactly" in r) || (${request('r["exactly"]')}))`,
    `${list("r", "firstAvailable")}.all(s, ${request("s")})`,
  ].join(" && ")})`,
  configuration(fields("variables.spec", "devices")),
].join(" && ");

const classHasNoDevice = [
  'variables.kind != "DeviceClass"',
  [
    `!${matchesExpression('variables.metadata["name"]', FUSE_NAME)}`,
    chooses("variables.spec", "extendedResourceName"),
    selectors("variables.spec"),
    configuration("variables.spec"),
  ].join(" && "),
]
  .map((one) => `(${one})`)
  .join(" || ");

/** Returns the rule for the parameters of volume drivers, of which only paths are judged. */
const driven = (source: string): string =>
  [
    ...[
      ["csi", "volumeAttributes"],
      ["flexVolume", "options"],
    ].map(([driver = "", key = ""]) => {
      const given = fields(fields(source, driver), key);
      return `${given}.all(k, !${matchesExpression(nodePath(`${given}[k]`), NAMED_PATH)})`;
    }),
    ...[
      ["csi", "volumeHandle"],
      ["nfs", "path"],
    ].map(
      ([driver = "", key = ""]) =>
        `!${matchesExpression(nodePath(text(fields(source, driver), key)), NAMED_PATH)}`,
    ),
  ].join(" && ");

/** True if a container requests a device from its runtime by a variable or a directory. */
const asksRuntime = [
  `${list("c", "env")}.exists(e, ${matchesExpression('e["name"]', DEVICE_VARIABLE)} && ${matchesExpression(text("e", "value"), FUSE_NAME)})`,
  `${list("c", "volumeMounts")}.exists(m, ${matchesExpression('m["mountPath"]', DEVICE_DIRECTORY)} && ${matchesExpression('m["mountPath"]', FUSE_NAME)})`,
].join(" || ");

const mayMount = [
  `${fields("c", "securityContext")}.exists(k, k == "privileged" && c["securityContext"][k] == true)`,
  `${list(fields(fields("c", "securityContext"), "capabilities"), "add")}.exists(a, ${matchesExpression("a", MOUNTING)})`,
].join(" || ");

const isTestImage = (at: string): string => matchesExpression(at, `${TEST_IMAGE}|${NAMELESS_IMAGE}`);

const ours = [
  `variables.containers.exists(c, "image" in c && ${isTestImage('c["image"]')})`,
  `variables.volumes.exists(v, "image" in v && ${isTestImage(text('v["image"]', "reference"))})`,
  `variables.labels.exists(k, ${matchesExpression("k", TEST_LABEL)} || (k == "app.kubernetes.io/name" && variables.labels[k] == "fuse-test"))`,
].join(" || ");

function persistent(kind: "hostPath" | "local"): string {
  const path = nodePath(`variables.spec["${kind}"]["path"]`);
  return `variables.kind != "PersistentVolume" || !("${kind}" in variables.spec) || !${matchesExpression(path, `${FORBIDDEN_PATH}|${ABOVE_FORBIDDEN}`)}`;
}

/** Builds the rules outside the test's namespace: no object is or could be a FUSE test. */
export function elsewhereValidations(): Validation[] {
  const instead = "run the FUSE test of this project on w2 in fuse-test";
  const eachMount = `variables.containers.all(c, ${list("c", "volumeMounts")}.all(m,`;
  return [
    {
      expression: `${eachMount} !("mountPropagation" in m) || m["mountPropagation"] in ["None", "HostToContainer"] || (${isInfrastructure})))`,
      message: `mountPropagation must be None or HostToContainer, except for storage or network drivers, requested by a user who may create CSI drivers: ${instead}`,
    },
    {
      expression: `variables.directories.all(v, !${matchesExpression(directoryPath, FORBIDDEN_PATH)})`,
      message: `a hostPath is the test's bridge or the FUSE device: ${instead}`,
    },
    {
      expression: `${eachMount} variables.directories.all(v, v["name"] != m["name"] || (${subPaths}))))`,
      message: `a part of a hostPath is, or could be, the test's bridge or the FUSE device: ${instead}`,
    },
    ...(["hostPath", "local"] as const).map((kind) => ({
      expression: persistent(kind),
      message: `a persistent volume is the test's bridge or the FUSE device, or a directory above: ${instead}`,
    })),
    {
      expression: `variables.volumes.all(v, ${driven("v")}) && (variables.kind != "PersistentVolume" || (${driven("variables.spec")}))`,
      message: `the driver of a volume is to hand out the test's bridge or the FUSE device: ${instead}`,
    },
    {
      expression: `!variables.containers.exists(c, ${asksRuntime})`,
      message: `a container asks its runtime for a FUSE device: ${instead}`,
    },
    {
      expression: `variables.containers.all(c, ${device("limits")} && ${device("requests")})`,
      message: `a container asks for a FUSE device: ${instead}`,
    },
    { expression: claimsNoDevice, message: `a claim asks for a FUSE device: ${instead}` },
    { expression: classHasNoDevice, message: `a device class hands out a FUSE device: ${instead}` },
    {
      expression: `variables.annotations.all(k, !${matchesExpression("k", DEVICE_ANNOTATION)} || !(${matchesExpression("k", FUSE_NAME)} || ${matchesExpression("variables.annotations[k]", DEVICE_IN_ANNOTATION)}))`,
      message: `an annotation asks the container runtime for a FUSE device: ${instead}`,
    },
    {
      expression: `!(variables.containers.exists(c, ${mayMount})) || !(${ours})`,
      message: `a container with an image or labels of the FUSE test is privileged: ${instead}`,
    },
  ];
}
