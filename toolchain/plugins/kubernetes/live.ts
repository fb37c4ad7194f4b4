import { asSecret, equal, isProperties, isSecret, type Properties, reveal, type Value } from "../rpc/values";
import { metadataOf, without } from "./objects";
import { sameQuantity } from "./quantity";

/** Metadata that the API server fills in. */
const SERVER_METADATA: ReadonlySet<string> = new Set([
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
]);

/**
 * The inputs that a live object would have had: of a known resource, what its inputs name; else all of it
 * but what the API server fills in.
 */
export function inputsFromLive(live: Properties, inputs: Properties): Properties {
  if (Object.keys(inputs).length > 0) return projectObject(live, inputs, listProjection(live));
  const metadata = Object.entries(metadataOf(live)).filter(([key]) => !SERVER_METADATA.has(key));
  return { ...without(live, "status"), metadata: Object.fromEntries(metadata) };
}

/** Which elements of a live list stand for which of the inputs' list. */
type ListProjection = (
  live: Value[],
  input: Value[],
  project: (live: Value, input: Value) => Value,
) => Value[];

/** Elements that others have added to a list are a difference. */
const keepAdditions: ListProjection = (live, input, project) =>
  live.map((value, index) => {
    const wanted = input[index];
    return wanted === undefined ? value : project(value, wanted);
  });

/** Admission adds volumes, mounts and tolerations to a pod, and nobody can add any later: they are no difference. */
const dropAdditions: ListProjection = (live, input, project) =>
  input.flatMap((wanted, index) => {
    const value = isProperties(wanted) && "name" in wanted ? namesake(live, wanted) : live[index];
    return value === undefined ? [] : [project(value, wanted)];
  });

function namesake(live: Value[], { name, mountPath }: Properties): Value | undefined {
  return live.find((value) => isProperties(value) && value.name === name && value.mountPath === mountPath);
}

function listProjection(live: Properties): ListProjection {
  return live.kind === "Pod" ? dropAdditions : keepAdditions;
}

function project(live: Value, input: Value, lists: ListProjection): Value {
  if (isSecret(input)) return asSecret(project(live, reveal(input), lists));
  if (Array.isArray(live) && Array.isArray(input)) {
    return lists(live, input, (value, wanted) => project(value, wanted, lists));
  }
  if (isProperties(live) && isProperties(input)) return projectObject(live, input, lists);
  return sameQuantity(live, input) ? input : live;
}

function projectObject(live: Properties, input: Properties, lists: ListProjection): Properties {
  return Object.fromEntries(
    Object.entries(input).flatMap(([key, wanted]): [string, Value][] => {
      const value = live[key];
      if (value !== undefined) return [[key, project(value, wanted, lists)]];
      // A Secret's stringData is written, never read; what is empty may be left out.
      return key === "stringData" || isEmpty(wanted) ? [[key, wanted]] : [];
    }),
  );
}

function isEmpty(value: Value): boolean {
  const plain = reveal(value);
  return (
    plain === null || plain === "" || plain === false || plain === 0 || equal(plain, {}) || equal(plain, [])
  );
}
