/** A property's value as the engine sends it: JSON, in which secrets and unknowns have marks of their own. */
export type Value = null | boolean | number | string | Value[] | Properties;

/** The inputs or outputs of a resource. */
export interface Properties {
  [key: string]: Value;
}

/*
 * The marks of Pulumi's wire format.
 * Source: https://pulumi-developer-docs.readthedocs.io/latest/docs/architecture/deployment-execution/resource-registration.html
 * and sdk/go/common/resource/sig and plugin/rpc.go of github.com/pulumi/pulumi.
 */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Stands for a value that is not known before the deployment. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Returns true if a value is an object, neither null nor a list. */
export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns true if a value is a secret's wrapper. */
function isSecret(value: Value | undefined): value is Properties {
  return isProperties(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** Returns true if a value stands for one that is not known yet. */
function isUnknown(value: Value | undefined): boolean {
  return UNKNOWNS.has(value);
}

/** Returns true if a value is a mark that is not a secret: an asset, an archive or a reference to a resource. */
function isOtherMark(value: Value): boolean {
  return isProperties(value) && SIGNATURE_KEY in value && !isSecret(value);
}

/** Returns true if a predicate holds for a value or for anything inside it. */
function some(value: Value | undefined, predicate: (value: Value) => boolean): boolean {
  if (value === undefined) return false;
  if (predicate(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((child: Value) => some(child, predicate));
}

/** Returns true if a value is a secret or holds one. */
export function hasSecret(value: Value | undefined): boolean {
  return some(value, isSecret);
}

/** Returns true if a value is unknown or holds an unknown. */
export function hasUnknown(value: Value | undefined): boolean {
  return some(value, isUnknown);
}

/** Returns true if a value is or holds an asset, an archive or a reference to a resource. */
export function hasOtherMark(value: Value | undefined): boolean {
  return some(value, isOtherMark);
}

/** Wraps a value as a secret, once. */
export function asSecret(value: Value): Value {
  return isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** Returns the value without the wrappers of the secrets in it. */
export function reveal(value: Value): Value {
  if (isSecret(value)) return reveal(value.value ?? null);
  if (Array.isArray(value)) return value.map(reveal);
  return isProperties(value) ? mapValues(value, reveal) : value;
}

/** Returns the properties without the wrappers of the secrets in them. */
export function revealAll(properties: Properties): Properties {
  return mapValues(properties, reveal);
}

/** Returns an object with the same keys and changed values. */
function mapValues(properties: Properties, change: (value: Value, key: string) => Value): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]): [string, Value] => [key, change(value, key)]),
  );
}

/** Returns true if two values are the same, whatever the order of their keys. */
export function equal(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  const other = right as Properties;
  return keys.every((key) => key in other && equal((left as Properties)[key], other[key]));
}
