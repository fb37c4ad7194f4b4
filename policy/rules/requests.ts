import { parseCleanRequest } from "../../protocol/cleanup-request";
import { parseRequest } from "../../protocol/verdict-request";
import { BRIDGE, IMAGE_BY_DIGEST, IMAGE_BY_TAG, NAMESPACE, NODES, RUN, RUN_DIRECTORY } from "./allowlist";
import { check, type Violation } from "./check";
import { PODS } from "./expected-objects";
import { any, list, object, oneOf, required, type Shape, text, type Topic } from "./schema";
import { children, walk } from "./tree";
import { describe, field, fieldAt, snapshot, UNKNOWN, type Value } from "./snapshot";

/** Access of a command or a provider to a cluster: the path of a kubeconfig and the name of a context. */
export interface Access {
  readonly kubeconfig: Value | undefined;
  readonly context: Value | undefined;
}

const line = text("^[^\n]+$", "one line of text");
const anImage = text(`${IMAGE_BY_DIGEST}|${IMAGE_BY_TAG}`, "an image by digest, or a public one by version");
const aRun = text(RUN, "the id of a run");
const runDirectory = text(RUN_DIRECTORY, "the directory of a run, one level below the bridge");

type PlaceShapes = Readonly<Record<string, { readonly shape: Shape; readonly topic: Topic }>>;

/** The places that a request about a run may name, at any depth. */
const PLACE: PlaceShapes = {
  node: { shape: oneOf(...NODES), topic: "node" },
  namespace: { shape: oneOf(NAMESPACE), topic: "namespace" },
  hostPath: { shape: runDirectory, topic: "host-path" },
  image: { shape: anImage, topic: "image" },
  kubeconfig: { shape: line, topic: "namespace" },
  context: { shape: line, topic: "namespace" },
  // A run's id is the name of the folder that its report is written to.
  run: { shape: aRun, topic: "command" },
  ended: { shape: list(aRun), topic: "command" },
  reports: { shape: oneOf("reports"), topic: "command" },
};

/** The places that a cleanup request may name: its directory is the bridge with every run's directory in it. */
const CLEANED_PLACE: PlaceShapes = { ...PLACE, hostPath: { shape: oneOf(BRIDGE), topic: "host-path" } };

/** Name of the field that contains a cleanup request within another request. */
const CLEANING = "cleaning";

/** Fields that are not judged: a verdict is an observation, and the commands do not act on it. */
const DATA = ["verdict"];

/** A pod that the API must refuse: only its node and its namespace matter. */
const REFUSED = "fuse-examination-refused";
const elsewhere = object({
  apiVersion: required(oneOf("v1")),
  kind: required(oneOf("Pod")),
  metadata: required(any),
  spec: required(any),
});

function podViolations(pod: Value, path: string): Violation[] {
  const name = fieldAt(pod, "metadata", "name");
  const known = PODS.find((candidate) => candidate.name === name);
  const at = { path, topic: "command" } as const;
  if (known !== undefined) return check(pod, known.shape, at);
  if (name !== REFUSED) {
    return [{ ...at, found: `a pod named ${describe(name)}`, required: "a pod of the test" }];
  }
  return [
    ...check(pod, elsewhere, at),
    ...check(fieldAt(pod, "metadata", "namespace") ?? null, oneOf(NAMESPACE), {
      path: `${path}.metadata.namespace`,
      topic: "namespace",
    }),
    ...check(fieldAt(pod, "spec", "nodeName") ?? null, oneOf(...NODES), {
      path: `${path}.spec.nodeName`,
      topic: "node",
    }),
  ];
}

/** Fields of a request that contain a pod. Their content is judged as a pod, whatever its own kind. */
const HOLDS_POD = ["producer", "consumer", "pod"];

/** Returns true if an item is a pod, by the list that contains it or by its own kind. */
function isPodOfList(value: Value, path: string): boolean {
  return path === "pods" || path.endsWith(".pods") || field(value, "kind") === "Pod";
}

/** Judges all fields of a request, at any depth. */
function contentViolations(value: Value, path: string, places: PlaceShapes): Violation[] {
  return children({ path, value }).flatMap((child) => {
    if (DATA.includes(child.key)) return [];
    if (HOLDS_POD.includes(child.key) || isPodOfList(child.value, path))
      return podViolations(child.value, child.path);
    const place = Object.hasOwn(places, child.key) ? places[child.key] : undefined;
    return place === undefined
      ? contentViolations(child.value, child.path, child.key === CLEANING ? CLEANED_PLACE : places)
      : check(child.value, place.shape, { path: child.path, topic: place.topic });
  });
}

/** Commands whose request depends on resources of the same update: it is unknown in a preview, and known in an update. */
const LATE = ["fuse-test-verdict", "fuse-test-examination"];

/** Commands that observe; every other one cleans. */
const OBSERVING = [...LATE, "fuse-test-preflight"];

type Parsed = { readonly request: Value } | { readonly violations: Violation[] };

function parsed(name: string, props: Value): Parsed {
  const stdin = field(props, "stdin");
  const wrong = (required: string): Parsed => ({
    violations: [{ topic: "command", path: "stdin", found: describe(stdin), required }],
  });
  if (typeof stdin !== "string") return wrong("a literal request of the program");
  try {
    const request = OBSERVING.includes(name) ? parseRequest(stdin) : parseCleanRequest(stdin);
    return { request: snapshot(JSON.parse(JSON.stringify(request))) };
  } catch {
    return wrong("a request that the command understands");
  }
}

/**
 * Returns the cluster that a command's request is for; undefined if it is no request, or is not known yet.
 * @param name the resource's name.
 */
export function accessOf(name: string, props: Value): Access | undefined {
  const read = parsed(name, props);
  if (!("request" in read)) return undefined;
  return { kubeconfig: field(read.request, "kubeconfig"), context: field(read.request, "context") };
}

/**
 * Judges the request of one of the program's commands, parsed as the command parses it: it determines all that the
 * command does.
 * @param name the resource's name.
 */
export function requestViolations(name: string, props: Value): Violation[] {
  const stdin = field(props, "stdin");
  // A request that is missing is a violation of its place.
  if (stdin === undefined || (stdin === UNKNOWN && LATE.includes(name))) return [];
  const read = parsed(name, props);
  if (!("request" in read)) return read.violations;
  return contentViolations(read.request, "stdin", OBSERVING.includes(name) ? PLACE : CLEANED_PLACE);
}

/** Fields of every request: an object without one of them is no request. */
const IN_EVERY_REQUEST = ["namespace", "node", "hostPath", "image"];

/** Returns the violations of an object as a request, if a command of the program would accept it as one. */
function violationsIfRequest({ path, value }: { readonly path: string; readonly value: Value }): Violation[] {
  if (IN_EVERY_REQUEST.some((key) => field(value, key) === undefined)) return [];
  const text = JSON.stringify(value);
  return [
    { read: parseCleanRequest, places: CLEANED_PLACE },
    { read: parseRequest, places: PLACE },
  ].flatMap(({ read, places }) => {
    try {
      return contentViolations(snapshot(JSON.parse(JSON.stringify(read(text)))), path, places);
    } catch {
      return [];
    }
  });
}

/**
 * Judges the requests to the program's commands in a command of another project, at any place in its texts: their
 * effect does not depend on the sender.
 */
export function foreignRequestViolations(props: Value): Violation[] {
  return [...walk(props)].flatMap(violationsIfRequest);
}

/** Requires that all access is to one cluster: a command must act on the cluster that the provider deploys to. */
export function clusterViolations(own: Access, others: readonly Access[]): Violation[] {
  return others
    .filter((other) => own.kubeconfig !== other.kubeconfig || own.context !== other.context)
    .slice(0, 1)
    .map((other) => ({
      topic: "command",
      path: "stdin",
      found: `for the cluster of ${describe(own.kubeconfig)}, context ${describe(own.context)}`,
      required: `the stack's one cluster: ${describe(other.kubeconfig)}, context ${describe(other.context)}`,
    }));
}
