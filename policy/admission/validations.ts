import { IMAGE_BY_DIGEST } from "../rules/allowlist";
import { fieldExpression, membershipExpression } from "./cel";
import { expectation } from "../rules/check";
import { matchesExpression } from "../rules/pattern";
import { jobShape, type PodParts, podParts } from "../rules/pods";
import { ROLES } from "../rules/roles";
import type { Field, ObjectShape } from "../rules/schema";

/** A rule for the API server: a CEL expression that is true if the rule holds, and the message if it does not. */
export interface Validation {
  readonly expression: string;
  readonly message: string;
}

/** A named part of a validation's expression. */
export interface Variable {
  readonly name: string;
  readonly expression: string;
}

function closed(fields: Readonly<Record<string, Field>>, at: string): string {
  const allowed = Object.entries(fields).filter(([, { presence }]) => presence !== "forbidden");
  return `${at}.all(k, k in ${JSON.stringify(allowed.map(([name]) => name))})`;
}

/** A rule for some of the pods or containers. */
interface Part {
  /** Names of the pods or containers that it applies to. */
  readonly names: readonly string[];
  readonly path: string;
  readonly expression: string;
  readonly required: string;
}

/** Merges equal rules into one, so that the API server has less to compile. */
function merged(parts: readonly Part[]): Part[] {
  const expressions = [...new Set(parts.map(({ expression }) => expression))];
  return expressions
    .filter((expression) => expression !== "true")
    .flatMap((expression) => {
      const same = parts.filter((part) => part.expression === expression);
      const names = [...new Set(same.flatMap((part) => part.names))];
      return same.slice(0, 1).map((first) => ({ ...first, names }));
    });
}

function partsOf(name: string, path: string, { fields }: ObjectShape, at: string): Part[] {
  const open = Object.entries(fields).filter(([, { presence }]) => presence !== "forbidden");
  return open.map(([key, field]) => ({
    names: [name],
    path: `${path}.${key}`,
    expression: fieldExpression(key, field, at),
    required: expectation(field.shape),
  }));
}

function closedPart(name: string, path: string, { fields }: ObjectShape, at: string): Part {
  return { names: [name], path, expression: closed(fields, at), required: "without any other field" };
}

function metadataParts(pod: string, metadata: ObjectShape): Part[] {
  const at = "variables.metadata";
  return [...partsOf(pod, "metadata", metadata, at), closedPart(pod, "metadata", metadata, at)];
}

/** Returns the rules for a pod's spec without the content of its containers: of these, only the names are checked. */
function specParts(pod: string, { spec, containers }: PodParts): Part[] {
  const at = "variables.spec";
  const path = "spec.containers";
  return [
    ...partsOf(pod, "spec", spec, at).filter((part) => part.path !== path),
    {
      names: [pod],
      path,
      expression: membershipExpression(containers, `${at}["containers"]`),
      required: expectation(containers),
    },
    closedPart(pod, "spec", spec, at),
  ];
}

function containerParts({ containers }: PodParts): Part[] {
  const path = "spec.containers";
  return Object.entries(containers.members).flatMap(([name, member]) => [
    // The rule already selects the container by its name.
    ...partsOf(name, path, member, "c").filter((part) => part.path !== `${path}.name`),
    closedPart(name, path, member, "c"),
  ]);
}

const POD_OF_JOB = ROLES.filter(({ job }) => job !== undefined).map(({ pod }) => ({
  pod,
  pattern: `^${pod}[a-z0-9]{1,10}$`,
}));

/** Variables that the validations of pods read. The parts of an object are dynamic, so that they can be read as maps. */
export const POD_VARIABLES: readonly Variable[] = [
  { name: "metadata", expression: "dyn(object)['metadata']" },
  { name: "spec", expression: "dyn(object)['spec']" },
  // A Job's pods have names that the API server completes: the beginning stands for all of them.
  {
    name: "pod",
    expression: POD_OF_JOB.reduce(
      (name, { pattern, pod }) =>
        `${matchesExpression("dyn(object)['metadata']['name']", pattern)} ? ${JSON.stringify(pod)} : ${name}`,
      "dyn(object)['metadata']['name']",
    ),
  },
];

/**
 * Builds the closed world of pods in the test's namespace: every pod has a role, and matches it field by field. The
 * rules of containers select by the container's name alone, which no two pods share.
 */
export function podValidations(): Validation[] {
  const pods = ROLES.map(({ pod }) => pod);
  const shapes = ROLES.map((role) => ({ pod: role.pod, parts: podParts(role) }));
  const ofPods = shapes.flatMap(({ pod, parts }) => [
    ...metadataParts(pod, parts.metadata),
    ...specParts(pod, parts),
  ]);
  const ofContainers = shapes.flatMap(({ parts }) => containerParts(parts));
  return [
    {
      expression: `"name" in variables.metadata && variables.pod in ${JSON.stringify(pods)}`,
      message: `this namespace is for the pods of the FUSE test alone: ${pods.join(", ")}`,
    },
    ...merged(ofPods).map(({ names, path, expression, required }) => ({
      expression: `!(variables.pod in ${JSON.stringify(names)}) || (${expression})`,
      message: `${path} must be ${required} (${names.join(", ")})`,
    })),
    ...merged(ofContainers).map(({ names, path, expression, required }) => ({
      expression: `variables.spec["containers"].all(c, !(c["name"] in ${JSON.stringify(names)}) || (${expression}))`,
      message: `${path} must be ${required} (${names.join(", ")})`,
    })),
  ];
}

/** Builds the rules for the Jobs in the test's namespace: each matches the role of its pod. */
export function jobValidations(): Validation[] {
  const jobs = ROLES.flatMap((role) =>
    role.job === undefined ? [] : [{ name: role.job, ...jobShape(role, role.job) }],
  );
  const names = jobs.map(({ name }) => name);
  const parts = jobs.flatMap(({ name, metadata, spec }) => [
    ...partsOf(name, "metadata", metadata, "variables.metadata"),
    closedPart(name, "metadata", metadata, "variables.metadata"),
    ...partsOf(name, "spec", spec, "variables.spec"),
    closedPart(name, "spec", spec, "variables.spec"),
  ]);
  return [
    {
      expression: `"name" in variables.metadata && variables.metadata["name"] in ${JSON.stringify(names)}`,
      message: `this namespace is for the Job of the FUSE test alone: ${names.join(", ")}`,
    },
    ...merged(parts).map(({ expression, path, required }) => ({
      expression,
      message: `${path} must be ${required} (Job ${names.join(", ")})`,
    })),
  ];
}

/** Variables that the validations of Jobs read. */
export const JOB_VARIABLES: readonly Variable[] = POD_VARIABLES.slice(0, 2);

/** Builds the advice on the images of the test's pods. */
export function imageAdvice(): Validation[] {
  return [
    {
      expression: `variables.spec["containers"].all(c, ${matchesExpression('c["image"]', IMAGE_BY_DIGEST)})`,
      message: "an image is named by version: by digest (name@sha256:...) two runs test the same programs",
    },
  ];
}
