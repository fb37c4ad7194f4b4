import { NAMESPACE, NODES } from "./allowed";
import { check, expectation, step, type Violation } from "./check";
import { type KnownObject, OBJECTS } from "./objects";
import { PLACES, PROVIDER } from "./places";
import { any, object, oneOf, optional, type Shape } from "./shape";
import { namespaces, podSpecs, suspicions } from "./suspicion";
import { describe, field, fieldAt, type Value } from "./values";

/** A resource as the engine shows it to a policy, before it is made. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Value;
  readonly ignoreChanges: readonly string[];
  /** The provider that makes it; absent for components and for default providers. */
  readonly provider?: { readonly type: string; readonly name: string } | undefined;
}

const allowedNode = expectation(oneOf(...NODES));

/** Fields of a pod that let something else than `nodeName` choose the node. */
const CHOOSERS = [
  "affinity",
  "nodeSelector",
  "runtimeClassName",
  "schedulerName",
  "topologySpreadConstraints",
];

/** Whatever runs containers, at any depth, names an allowed node and leaves no other choice. */
function placement(props: Value): Violation[] {
  return podSpecs(props).flatMap(({ path, spec }) => {
    const node = field(spec, "nodeName");
    const allowed = NODES.some((name) => name === node);
    const choosers = CHOOSERS.filter((key) => field(spec, key) !== undefined);
    return [
      ...(allowed
        ? []
        : [
            {
              topic: "node" as const,
              path: step(path, "nodeName"),
              found: describe(node),
              required: allowedNode,
            },
          ]),
      ...choosers.map((key) => ({
        topic: "node" as const,
        path: step(path, key),
        found: describe(spec[key]),
        required: "that it is not set",
      })),
    ];
  });
}

function foreignNamespaces(props: Value): Violation[] {
  return namespaces(props)
    .filter(({ namespace }) => namespace !== NAMESPACE)
    .map(({ path, namespace }) => ({
      topic: "namespace",
      path,
      found: describe(namespace),
      required: describe(NAMESPACE),
    }));
}

/** The types in a URN, and its name. Format: `urn:pulumi:stack::project::types::name`. */
function placeOf(urn: string): { readonly types: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { types, name: name.join("::") };
}

function optionViolations({ type, ignoreChanges, provider }: Resource): Violation[] {
  const kubernetes = type.startsWith("kubernetes:");
  const foreign = kubernetes && provider?.name !== PROVIDER;
  return [
    ...ignoreChanges.map((path) => ({
      topic: "resource" as const,
      path: "options.ignoreChanges",
      found: describe(path),
      required: "that nothing old is kept",
    })),
    ...(foreign
      ? [
          {
            topic: "namespace" as const,
            path: "options.provider",
            found: provider === undefined ? "none" : describe(provider.name),
            required: `the provider ${describe(PROVIDER)}`,
          },
        ]
      : []),
  ];
}

/** What the engine adds by itself, without any effect of its own. */
const INERT: Readonly<Record<string, Shape>> = {
  "pulumi:pulumi:Stack": any,
  "pulumi:providers:command": object({ version: optional(any) }),
};

/** The object of the test that a resource stands for by its type and name, wherever it is declared. */
function knownAs({ type, props }: Resource): KnownObject | undefined {
  const name = fieldAt(props, "metadata", "name");
  return OBJECTS.find((candidate) => candidate.token === type && candidate.name === name);
}

/**
 * Judges a resource of this project: a closed world, in which only what the program makes may exist, each in its
 * one place.
 */
export function judgeInProject(resource: Resource): Violation[] {
  const { props, urn, type, name } = resource;
  const inert = Object.hasOwn(INERT, type) ? INERT[type] : undefined;
  if (inert !== undefined) return check(props, inert, { path: "", topic: "command" });
  const root = { path: "", topic: "resource" } as const;
  const place = placeOf(urn);
  const known = PLACES.find((candidate) => candidate.types === place.types && candidate.name === place.name);
  if (known !== undefined && place.types.split("$").at(-1) === type && place.name === name) {
    return [...check(props, known.shape, root), ...optionViolations(resource)];
  }
  const found = {
    ...root,
    found: `${type} named ${describe(name)}`,
    required: "a resource that the program of fuse-test makes, with its type, name and parents",
  };
  const object = knownAs(resource);
  return [
    found,
    ...(object === undefined
      ? [
          ...placement(props),
          ...foreignNamespaces(props),
          ...suspicions(props, { fields: true, texts: true }),
        ]
      : check(props, object.shape, root)),
    ...optionViolations(resource),
  ];
}

/** How a namespace is spelled by somebody who wants to be taken for it: look-alikes are as close as the name. */
function folded(name: Value | undefined): string | undefined {
  return typeof name === "string" ? name.normalize("NFKC").trim().toLowerCase() : undefined;
}

function belongsToTest(resource: Resource): boolean {
  const { props, type } = resource;
  const isNamespace = /:Namespace(Patch)?$/.test(type) || field(props, "kind") === "Namespace";
  return (
    knownAs(resource) !== undefined ||
    namespaces(props).some(({ namespace }) => folded(namespace) === NAMESPACE) ||
    (isNamespace && folded(fieldAt(props, "metadata", "name")) === NAMESPACE)
  );
}

/** Data that nothing runs by itself: its texts are no test. */
function isData(type: string): boolean {
  return /^kubernetes:core\/v1:(ConfigMap|Secret)(List|Patch)?$/.test(type);
}

/** A namespace of the provider's would move what names none into the test's namespace. */
function providerViolations({ type, props }: Resource): Violation[] {
  const namespace = field(props, "namespace");
  return type === "pulumi:providers:kubernetes" && folded(namespace) === NAMESPACE
    ? [{ topic: "namespace", path: "namespace", found: describe(namespace), required: "that it is not set" }]
    : [];
}

/**
 * Judges a resource of any stack of an organization: ordinary resources are none of its business, but what belongs to
 * the test, or could be one, must be an object that the test makes.
 */
export function judgeInOrganization(resource: Resource): Violation[] {
  const { props, type } = resource;
  const found = suspicions(props, { fields: type.startsWith("kubernetes:"), texts: !isData(type) });
  const belongs = belongsToTest(resource);
  if (!belongs && found.length === 0) return providerViolations(resource);
  const known = knownAs(resource);
  if (known !== undefined) return check(props, known.shape, { path: "", topic: "resource" });
  const stranger: Violation = {
    topic: "namespace",
    path: "metadata",
    found: `${type} named ${describe(fieldAt(props, "metadata", "name"))}`,
    required: `that the namespace ${describe(NAMESPACE)} holds nothing but the objects of the test`,
  };
  return [
    ...found,
    ...(found.length === 0 ? [] : [...placement(props), ...foreignNamespaces(props)]),
    ...(belongs ? [stranger] : []),
  ];
}
