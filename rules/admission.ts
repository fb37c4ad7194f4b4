import {
  BRIDGE_PATH,
  FUSE_DEVICE_PATH,
  FUSE_RESOURCE,
  IMAGE_BY_DIGEST,
  TEST_IMAGE,
  TEST_LABEL,
} from "./allowed";
import { fieldExpression } from "./cel";
import { expectation } from "./check";
import { podShape } from "./pods";
import { ROLES } from "./roles";
import type { Field, Shape } from "./shape";

/** A rule for the API server: a CEL expression that is true where the rule holds, and what it says where not. */
export interface Validation {
  readonly expression: string;
  readonly message: string;
}

/** A named part of a validation's expression. */
export interface Variable {
  readonly name: string;
  readonly expression: string;
}

function fieldsOf(shape: Shape): Readonly<Record<string, Field>> {
  return shape.kind === "object" ? shape.fields : {};
}

function closed(fields: Readonly<Record<string, Field>>, at: string): string {
  const allowed = Object.entries(fields).filter(([, { presence }]) => presence !== "forbidden");
  return `${at}.all(k, k in ${JSON.stringify(allowed.map(([name]) => name))})`;
}

interface Part {
  readonly path: string;
  readonly expression: string;
  readonly required: string;
}

function partsOf(path: string, shape: Shape): Part[] {
  const fields = fieldsOf(shape);
  const at = `variables.${path}`;
  const open = Object.entries(fields).filter(([, { presence }]) => presence !== "forbidden");
  return [
    ...open.map(([name, field]) => ({
      path: `${path}.${name}`,
      expression: fieldExpression(name, field, at),
      required: expectation(field.shape),
    })),
    {
      path,
      expression: closed(fields, at),
      required: `no field but ${open.map(([name]) => name).join(", ")}`,
    },
  ].filter(({ expression }) => expression !== "true");
}

/** What the validations of pods read. The parts of an object are dynamic, so that they can be read as maps. */
export const POD_VARIABLES: readonly Variable[] = [
  { name: "metadata", expression: "dyn(object)['metadata']" },
  { name: "spec", expression: "dyn(object)['spec']" },
];

/** The closed world of pods in the test's namespace: every pod has a role, and is what its role says, field by field. */
export function podValidations(): Validation[] {
  const parts = ROLES.flatMap((role) => {
    const fields = fieldsOf(podShape(role));
    return ["metadata", "spec"].flatMap((path) => {
      const field = fields[path];
      return field === undefined
        ? []
        : partsOf(path, field.shape).map((part) => ({ pod: role.pod, ...part }));
    });
  });
  const expressions = [...new Set(parts.map(({ expression }) => expression))];
  const byExpression = expressions.map(
    (expression) => [expression, parts.filter((part) => part.expression === expression)] as const,
  );
  const pods = ROLES.map(({ pod }) => pod);
  return [
    {
      expression: `"name" in variables.metadata && variables.metadata["name"] in ${JSON.stringify(pods)}`,
      message: `this namespace is for the pods of the FUSE test alone: ${pods.join(", ")}`,
    },
    ...byExpression.map(([expression, group]) => ({
      expression: `!(variables.metadata["name"] in ${JSON.stringify(group.map(({ pod }) => pod))}) || (${expression})`,
      message: `${group[0]?.path ?? ""} of ${group.map(({ pod }) => pod).join(", ")} must be ${group[0]?.required ?? ""}`,
    })),
  ];
}

const list = (at: string, key: string): string =>
  `(${JSON.stringify(key)} in ${at} ? ${at}[${JSON.stringify(key)}] : dyn([]))`;
const fields = (at: string, key: string): string =>
  `(${JSON.stringify(key)} in ${at} ? ${at}[${JSON.stringify(key)}] : dyn({}))`;

/** What the validations of objects elsewhere read: the pod's spec, wherever the kind has it. */
export const WORKLOAD_VARIABLES: readonly Variable[] = [
  { name: "root", expression: "dyn(object)" },
  {
    name: "pod",
    expression: [
      'variables.root["kind"] == "CronJob" ? variables.root["spec"]["jobTemplate"]["spec"]["template"]',
      'variables.root["kind"] == "PodTemplate" ? variables.root["template"]',
      'variables.root["kind"] in ["Pod", "PersistentVolume"] ? variables.root',
      'variables.root["spec"]["template"]',
    ].join(" : "),
  },
  { name: "spec", expression: fields("variables.pod", "spec") },
  { name: "labels", expression: fields(fields("variables.pod", "metadata"), "labels") },
  {
    name: "containers",
    expression: ["containers", "initContainers", "ephemeralContainers"]
      .map((key) => list("variables.spec", key))
      .join(" + "),
  },
  {
    name: "volumes",
    expression: `variables.root["kind"] == "PersistentVolume" ? dyn([variables.spec]) : ${list("variables.spec", "volumes")}`,
  },
];

const forbiddenPath = JSON.stringify(`${BRIDGE_PATH}|${FUSE_DEVICE_PATH}`);

function pathRule(kind: "hostPath" | "local"): string {
  return `variables.volumes.all(v, !("${kind}" in v) || !v["${kind}"]["path"].matches(${forbiddenPath}))`;
}

/** Storage drivers of a node propagate mounts below kubelet's own directory: without that no volume would be mounted. */
const ofKubelet = `variables.volumes.exists(v, v["name"] == m["name"] && "hostPath" in v && v["hostPath"]["path"].matches("^/var/lib/kubelet(/[^.]|/?$)") && !v["hostPath"]["path"].contains("/../"))`;

const device = (kind: string): string =>
  `!${fields(fields("c", "resources"), kind)}.exists(name, name.matches(${JSON.stringify(FUSE_RESOURCE)}))`;

const mayMount = [
  `${fields("c", "securityContext")}.exists(k, k == "privileged" && c["securityContext"][k] == true)`,
  `${list(fields(fields("c", "securityContext"), "capabilities"), "add")}.exists(a, a.matches("(?i)^(cap_)?sys_admin$|^all$"))`,
].join(" || ");

const ours = [
  `variables.containers.exists(c, "image" in c && c["image"].matches(${JSON.stringify(TEST_IMAGE)}))`,
  `variables.labels.exists(k, k.matches(${JSON.stringify(TEST_LABEL)}) || (k == "app.kubernetes.io/name" && variables.labels[k] == "fuse-test"))`,
].join(" || ");

/** What may not be outside the test's namespace: a FUSE test, or what could be one. */
export function elsewhereValidations(): Validation[] {
  const instead = "run the FUSE test of this project on w2 in fuse-test";
  return [
    {
      expression: `variables.containers.all(c, ${list("c", "volumeMounts")}.all(m, !("mountPropagation" in m) || m["mountPropagation"] in ["None", "HostToContainer"] || ${ofKubelet}))`,
      message: `mountPropagation must be None or HostToContainer: ${instead}`,
    },
    {
      expression: pathRule("hostPath"),
      message: `a hostPath is the test's bridge or the FUSE device: ${instead}`,
    },
    {
      expression: pathRule("local"),
      message: `a local volume is the test's bridge or the FUSE device: ${instead}`,
    },
    {
      expression: `variables.containers.all(c, ${device("limits")} && ${device("requests")})`,
      message: `a container asks for a FUSE device: ${instead}`,
    },
    {
      expression: `!(variables.containers.exists(c, ${mayMount})) || !(${ours})`,
      message: `a container with an image or labels of the FUSE test is privileged: ${instead}`,
    },
  ];
}

/** Advice on the images of the test's pods. */
export function imageAdvice(): Validation[] {
  return [
    {
      expression: `variables.spec["containers"].all(c, c["image"].matches(${JSON.stringify(IMAGE_BY_DIGEST)}))`,
      message: "an image is named by version: by digest (name@sha256:...) two runs test the same programs",
    },
  ];
}
