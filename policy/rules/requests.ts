import { parseCleanRequest } from "../../protocol/cleanup-request";
import { parseRequest } from "../../protocol/verdict-request";
import { BRIDGE, IMAGE_BY_DIGEST, IMAGE_BY_TAG, NAMESPACE, NODES, RUN_DIRECTORY } from "./allowlist";
import { check, type Violation } from "./check";
import { PODS } from "./expected-objects";
import { any, object, oneOf, required, type Shape, text, type Topic } from "./schema";
import { children } from "./tree";
import { describe, field, fieldAt, isFields, snapshot, UNKNOWN, type Value } from "./snapshot";

/** How a command or a provider reaches a cluster: the path of a kubeconfig and the name of a context. */
export interface Access {
  readonly kubeconfig: Value | undefined;
  readonly context: Value | undefined;
}

const line = text("^[^\n]+$", "one line of text");
const anImage = text(`${IMAGE_BY_DIGEST}|${IMAGE_BY_TAG}`, "an image by digest, or a public one by version");
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
};

/** The places that a request to clean may name: it is about the bridge with every run's directory in it. */
const CLEANED_PLACE: PlaceShapes = { ...PLACE, hostPath: { shape: oneOf(BRIDGE), topic: "host-path" } };

/** Name of the field that holds a request to clean within another request. */
const CLEANING = "cleaning";

/** A verdict is what was seen, and nothing is done with it. */
const DATA = ["verdict"];

/** A pod that the API has to refuse: where it would be matters, whatever else it is. */
const REFUSED = "fuse-examination-refused";
const elsewhere = object({
  ...Object.fromEntries(["apiVersion", "kind"].map((key) => [key, required(any)])),
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

/** Judges everything that a request says, wherever it says it. */
function contentViolations(value: Value, path: string, places: PlaceShapes): Violation[] {
  return children({ path, value }).flatMap((child) => {
    if (DATA.includes(child.key)) return [];
    if (isFields(child.value) && field(child.value, "kind") === "Pod")
      return podViolations(child.value, child.path);
    const place = Object.hasOwn(places, child.key) ? places[child.key] : undefined;
    return place === undefined
      ? contentViolations(child.value, child.path, child.key === CLEANING ? CLEANED_PLACE : places)
      : check(child.value, place.shape, { path: child.path, topic: place.topic });
  });
}

/** Commands whose request comes from what an update has yet to do: a preview cannot know it, an update does. */
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
 * Judges the request of one of the program's commands, parsed as the command parses it: what the command would do is
 * all in there.
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

/** Judges that two ways to a cluster are one: a command must act on the cluster that the provider deploys to. */
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
