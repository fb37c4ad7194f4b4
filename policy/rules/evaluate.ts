import { NAMESPACE, NODES } from "./allowlist";
import { check, expectation, step, type Violation } from "./check";
import { type KnownObject, OBJECTS } from "./expected-objects";
import { PLACES, PROVIDER } from "./expected-resources";
import {
  accessOf,
  type Access,
  clusterViolations,
  foreignRequestViolations,
  requestViolations,
} from "./requests";
import { any, object, oneOf, optional, type Shape } from "./schema";
import { impostors, providerViolations } from "./identity";
import { kindsOf, namespaces, podSpecs, suspicions } from "./fuse-lookalikes";
import { describe, field, fieldAt, type Value } from "./snapshot";
import { folded } from "./spelling";

/** A resource as the engine passes it to a policy, before it is created. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Value;
  readonly ignoreChanges: readonly string[];
  /** The provider that creates it; absent for components and for default providers. */
  readonly provider?: { readonly type: string; readonly name: string } | undefined;
  /** Access to a cluster of other resources of the same stack, if they were seen before this one. */
  readonly others?: readonly Access[];
}

const COMMAND_TYPE = "command:local:Command";

/** Prefix of the types of resources that run a command, on this machine or another. */
const COMMAND_PACKAGE = "command:";

const PROVIDER_TYPE = "pulumi:providers:kubernetes";

/** Returns a resource's access to a cluster; undefined if it has none, or if it is not known yet. */
export function clusterOf({ type, name, props }: Resource): Access | undefined {
  if (type === COMMAND_TYPE) return accessOf(name, props);
  if (type !== PROVIDER_TYPE || name !== PROVIDER) return undefined;
  return { kubeconfig: field(props, "kubeconfig"), context: field(props, "context") };
}

/** Judges a command by its request, and the cluster of a resource by those of the others. */
function actions(resource: Resource): Violation[] {
  const { type, name, props, others = [] } = resource;
  const cluster = clusterOf(resource);
  return [
    ...(type === COMMAND_TYPE ? requestViolations(name, props) : []),
    ...(cluster === undefined ? [] : clusterViolations(cluster, others)),
  ];
}

const allowedNode = expectation(oneOf(...NODES));

/** Fields of a pod by which something other than `nodeName` selects the node. */
const CHOOSERS = [
  "affinity",
  "nodeSelector",
  "runtimeClassName",
  "schedulerName",
  "topologySpreadConstraints",
];

/** Checks that every pod spec, at any depth, names an allowed node and allows no other. */
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

function foreignNamespaces({ type, props }: Resource): Violation[] {
  return namespaces(type, props)
    .filter(({ namespace }) => namespace !== NAMESPACE)
    .map(({ path, namespace }) => ({
      topic: "namespace",
      path,
      found: describe(namespace),
      required: describe(NAMESPACE),
    }));
}

/** Returns the types in a URN, and its name. Format: `urn:pulumi:stack::project::types::name`. */
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

/** Resources that the engine adds, without an effect of their own. */
const INERT: Readonly<Record<string, Shape>> = {
  "pulumi:pulumi:Stack": any,
  "pulumi:providers:command": object({ version: optional(any) }),
};

/** Returns the object of the test with a resource's type and name, wherever it is declared. */
function knownAs({ type, props }: Resource): KnownObject | undefined {
  const name = fieldAt(props, "metadata", "name");
  return OBJECTS.find((candidate) => candidate.token === type && candidate.name === name);
}

/**
 * Judges a resource of this project: a closed world, in which only the program's own resources may exist, each in its
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
    return [...check(props, known.shape, root), ...actions(resource), ...optionViolations(resource)];
  }
  const found = {
    ...root,
    found: `${type} named ${describe(name)}`,
    required: "a resource that the program of fuse-test declares, with its type, name and parents",
  };
  const object = knownAs(resource);
  return [
    found,
    ...(object === undefined
      ? [...placement(props), ...foreignNamespaces(resource), ...suspicions(type, props)]
      : check(props, object.shape, root)),
    ...optionViolations(resource),
  ];
}

function belongsToTest({ type, props }: Resource): boolean {
  const isNamespace =
    field(props, "kind") === "Namespace" ||
    kindsOf(type, props).some(({ group, kind }) => group === "" && kind === "Namespace");
  return (
    namespaces(type, props).some(({ namespace }) => folded(namespace) === NAMESPACE) ||
    (isNamespace && folded(fieldAt(props, "metadata", "name")) === NAMESPACE)
  );
}

/** Returns the object of the test that a resource declares, by its type, its name and, if namespaced, its namespace. */
function declares(resource: Resource): KnownObject | undefined {
  const known = knownAs(resource);
  if (known?.namespace === undefined || known.kind === "Pod") return known;
  return folded(fieldAt(resource.props, "metadata", "namespace")) === NAMESPACE ? known : undefined;
}

/**
 * Judges a resource of any stack of an organization: ordinary resources are accepted, but a resource that belongs to
 * the test, or could be one, must be an object of the test.
 */
export function judgeInOrganization(resource: Resource): Violation[] {
  const { props, type } = resource;
  const known = declares(resource);
  if (known !== undefined) return check(props, known.shape, { path: "", topic: "resource" });
  const found = [
    ...impostors(type, props),
    ...suspicions(type, props),
    ...(type.startsWith(COMMAND_PACKAGE) ? foreignRequestViolations(props) : []),
  ];
  const belongs = belongsToTest(resource);
  if (!belongs && found.length === 0) return providerViolations(type, props);
  const stranger: Violation = {
    topic: "namespace",
    path: "metadata",
    found: `${type} named ${describe(fieldAt(props, "metadata", "name"))}`,
    required: `that the namespace ${describe(NAMESPACE)} holds nothing but the objects of the test`,
  };
  return [
    ...found,
    ...(found.length === 0 ? [] : [...placement(props), ...foreignNamespaces(resource)]),
    ...(belongs ? [stranger] : []),
  ];
}
