import { CLEANING_COMMANDS, COMMAND, NAMESPACE, PROGRAMS } from "./allowlist";
import { GUARDS, knownObject } from "./expected-objects";
import { ROLES } from "./roles";
import { any, object, oneOf, optional, required, type Shape, text } from "./schema";

/** A resource of the program, in its one place. */
export interface Place {
  /** Types from the outermost component to the resource, as a URN has them, joined by `$`. */
  readonly types: string;
  /** Name of the resource. */
  readonly name: string;
  readonly shape: Shape;
}

const TEST = "fuse-test:index:FuseTest";
const GUARD = "fuse-test:index:Guard";
const nothing = object({});

const line = text("^[^\\n]+$", "one line of text");

/** A cluster is named by path and context; a namespace of the provider would apply to objects that name none. */
const provider: Shape = object({
  kubeconfig: optional(line, "namespace"),
  context: optional(line, "namespace"),
  enableServerSideApply: required(oneOf(true, "true")),
  version: optional(line),
});

/** The cluster that the test's component stores in the state: it is only compared. */
const deployedOn: Shape = object(
  Object.fromEntries(
    ["kubeconfig", "context", "cluster", "server", "authority", "claimed"].map((key) => [key, optional(any)]),
  ),
);

/** Name of the one provider of the program. */
export const PROVIDER = "cluster";

const command: Shape = object({
  create: required(oneOf(COMMAND), "command"),
  stdin: required(any),
  logging: required(oneOf("stderr"), "command"),
  triggers: optional(any),
});

/** The command that cleans up. */
const cleaning: Shape = object({
  create: required(oneOf(CLEANING_COMMANDS.create), "command"),
  update: required(oneOf(CLEANING_COMMANDS.update), "command"),
  delete: required(oneOf(CLEANING_COMMANDS.delete), "command"),
  stdin: required(any),
  logging: required(oneOf("stderr"), "command"),
});

/** Returns the places of a component below the test and of the one resource that it wraps. */
function wrapped(component: string, name: string, resource: string, shape: Shape): Place[] {
  const types = `${TEST}$${component}`;
  return [
    { types, name, shape: nothing },
    { types: `${types}$${resource}`, name, shape },
  ];
}

function wrappedObject(component: string, resource: string, kind: string, name: string): Place[] {
  const { token, shape } = knownObject(kind, name);
  return wrapped(component, resource, token, shape);
}

const namespaceTypes = `${TEST}$fuse-test:index:TestNamespace`;

function inNamespace(resource: string, kind: string, name: string): Place {
  const { token, shape } = knownObject(kind, name);
  return { types: `${namespaceTypes}$${token}`, name: resource, shape };
}

/** The closed world: every resource that the program may declare. */
export const PLACES: readonly Place[] = [
  { types: "pulumi:providers:kubernetes", name: PROVIDER, shape: provider },
  { types: TEST, name: "fuse-test", shape: deployedOn },
  ...wrappedObject("fuse-test:index:TestNamespace", "fuse-test", "Namespace", NAMESPACE),
  inNamespace("fuse-test-quota", "ResourceQuota", "fuse-test"),
  inNamespace("fuse-test-deny-all", "NetworkPolicy", "deny-all"),
  ...wrappedObject("fuse-test:index:Programs", "fuse-test-programs", "ConfigMap", PROGRAMS),
  ...wrapped("fuse-test:index:Preflight", "fuse-test-preflight", "command:local:Command", command),
  ...wrapped("fuse-test:index:TestVerdict", "fuse-test-verdict", "command:local:Command", command),
  ...wrapped("fuse-test:index:ExaminationVerdict", "fuse-test-examination", "command:local:Command", command),
  ...wrapped("fuse-test:index:Cleanup", "fuse-test-cleanup", "command:local:Command", cleaning),
  { types: GUARD, name: "fuse-test-guard", shape: nothing },
  ...GUARDS.map(({ token, name, shape }) => ({ types: `${GUARD}$${token}`, name, shape })),
  ...ROLES.flatMap(({ place, pod }) =>
    place === undefined ? [] : wrappedObject(place.component, place.resource, "Pod", pod),
  ),
];
