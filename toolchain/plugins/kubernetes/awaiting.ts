import { isProperties, type Properties, type Value } from "../rpc/values";
import { refuse } from "./kinds";
import { annotationsOf } from "./objects";

const SKIP_AWAIT = "pulumi.com/skipAwait";
const WAIT_FOR = "pulumi.com/waitFor";

/** A path of names alone, in the notation of `kubectl get --output jsonpath=...`. */
const PATH = /^jsonpath=\{((?:\.[A-Za-z_][A-Za-z0-9_-]*)+)\}$/u;

/** Kinds whose deletion is not waited for either, where an object asks to skip the waiting. */
const SKIPPED_IN_DELETION: ReadonlySet<string> = new Set(["Namespace", "Pod"]);

/**
 * How an object's annotations change what is waited for, as the official plugin reads them.
 * Source: ReadyCondition and DeletedCondition in provider/pkg/metadata/overrides.go of
 * github.com/pulumi/pulumi-kubernetes.
 */
export interface Awaiting {
  /** What has to hold after an object was applied: nothing, what its kind needs, or that there is a value at a path. */
  readonly ready: "nothing" | "kind" | { readonly path: readonly string[] };
  /** Whether a deletion waits until the object is gone. */
  readonly gone: boolean;
}

function pathIn(annotation: Value | undefined): readonly string[] | undefined {
  const [, path] = typeof annotation === "string" ? (PATH.exec(annotation) ?? []) : [];
  return path?.slice(1).split(".");
}

/** What to wait for when an object of a kind is applied or deleted. */
export function awaitingOf(kind: string, inputs: Properties): Awaiting {
  const { [SKIP_AWAIT]: skip, [WAIT_FOR]: waitFor } = annotationsOf(inputs);
  if (skip === "true") return { ready: "nothing", gone: !SKIPPED_IN_DELETION.has(kind) };
  const path = pathIn(waitFor);
  return { ready: path === undefined ? "kind" : { path }, gone: true };
}

/** Why an object's annotations are refused; undefined if they are not. */
export function refusedAnnotation(inputs: Properties): string | undefined {
  const annotations = annotationsOf(inputs);
  if ("pulumi.com/replaceUnready" in annotations) return refuse("the annotation pulumi.com/replaceUnready");
  if (!(WAIT_FOR in annotations) || pathIn(annotations[WAIT_FOR]) !== undefined) return undefined;
  return refuse(`the annotation ${WAIT_FOR} with anything but jsonpath={.NAME.NAME}`);
}

/** Whether a live object has a value at a path. */
export function hasValueAt(live: Properties, path: readonly string[]): boolean {
  let value: Value | undefined = live;
  for (const name of path)
    value = isProperties(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value !== undefined && value !== null;
}
