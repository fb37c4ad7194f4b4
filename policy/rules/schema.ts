import { canonical } from "./canonical";
import type { Value } from "./snapshot";

/** Topic of a rule; each policy of the pack reports one or more of these. */
export type Topic =
  | "node"
  | "namespace"
  | "resource"
  | "privilege"
  | "host-path"
  | "bounds"
  | "image"
  | "command"
  | "fuse-elsewhere";

/** A value that is compared as it is. */
export type Scalar = string | number | boolean;

/**
 * The writer of a field. `required` and `optional` are for manifests; the API server fills in `server` fields, so that
 * admission accepts them and a manifest may not have them; `forbidden` fields are listed to be refused by name.
 */
type Presence = "required" | "optional" | "server" | "forbidden";

/** A field of an object. */
export interface Field {
  readonly shape: Shape;
  readonly presence: Presence;
  /** Topic of a violation in it; absent means that of the object. */
  readonly topic?: Topic;
}

/** An object with these fields and no other. */
export interface ObjectShape {
  readonly kind: "object";
  readonly fields: Readonly<Record<string, Field>>;
}

/** A list whose items are identified by their names. */
export interface NamedShape {
  readonly kind: "named";
  readonly members: Readonly<Record<string, ObjectShape>>;
  /** Members that may be missing. */
  readonly optional: readonly string[];
}

/** An object with any keys that match a pattern. */
export interface MapShape {
  readonly kind: "map";
  readonly keys: string;
  readonly values: Shape;
}

/**
 * The accepted values. A shape is data, so that one description is checked here against manifests and compiled to CEL
 * for the API server. Objects are closed: a field that is not described is a violation.
 */
export type Shape =
  | { readonly kind: "any" }
  | { readonly kind: "oneOf"; readonly values: readonly Scalar[] }
  | { readonly kind: "text"; readonly pattern: string; readonly expected: string }
  | {
      readonly kind: "integer";
      readonly min: number;
      readonly max: number;
      /** True if it need not be known in a preview. In an update every value is known. */
      readonly late?: boolean;
    }
  | { readonly kind: "exactly"; readonly items: readonly Scalar[] }
  | { readonly kind: "same"; readonly value: Value }
  | { readonly kind: "list"; readonly items: Shape }
  | NamedShape
  | MapShape
  | ObjectShape;

/** Any value: for fields that are not guarded. */
export const any: Shape = { kind: "any" };

/** Accepts one of the given values. */
export function oneOf(...values: readonly Scalar[]): Shape {
  return { kind: "oneOf", values };
}

/** Accepts text that matches a pattern, which has to mean the same in JavaScript and in RE2. */
export function text(pattern: string, expected: string): Shape {
  return { kind: "text", pattern, expected };
}

/** Accepts a whole number in a range. */
export function integer(min: number, max: number): Shape {
  return { kind: "integer", min, max };
}

/** Accepts a whole number in this range, which need not be known in a preview. In an update every value is known. */
export function lateInteger(min: number, max: number): Shape {
  return { kind: "integer", min, max, late: true };
}

/** Accepts exactly these items in this order. */
export function exactly(...list: readonly Scalar[]): Shape {
  return { kind: "exactly", items: list };
}

/** Accepts the same data, whole, in its canonical form. */
export function same(value: Value): Shape {
  return { kind: "same", value: canonical(value) };
}

/** Accepts a list of any length. */
export function list(shape: Shape): Shape {
  return { kind: "list", items: shape };
}

/** Members of a list: their fields apart from `name`, by name. */
export type Members = Readonly<Record<string, Readonly<Record<string, Field>>>>;

/** Accepts a list whose items are identified by their `name`, each once, in any order, and no other. */
export function named(members: Members, maybe: Members = {}): NamedShape {
  const shapes = Object.entries({ ...members, ...maybe }).map(([name, fields]) => [
    name,
    object({ name: required(oneOf(name)), ...fields }),
  ]);
  return {
    kind: "named",
    members: Object.fromEntries(shapes) as Record<string, ObjectShape>,
    optional: Object.keys(maybe),
  };
}

/** Accepts an object with any keys that match a pattern. */
export function map(keys: string, values: Shape): MapShape {
  return { kind: "map", keys, values };
}

/** Accepts an object with these fields and no other. */
export function object(fields: Readonly<Record<string, Field>>): ObjectShape {
  return { kind: "object", fields };
}

function fieldOf(presence: Presence, shape: Shape, topic: Topic | undefined): Field {
  return topic === undefined ? { shape, presence } : { shape, presence, topic };
}

/** Describes a field that must be present. */
export function required(shape: Shape, topic?: Topic): Field {
  return fieldOf("required", shape, topic);
}

/** Describes a field that may be present. */
export function optional(shape: Shape, topic?: Topic): Field {
  return fieldOf("optional", shape, topic);
}

/** Describes a field that the API server fills in. */
export function server(shape: Shape, topic?: Topic): Field {
  return fieldOf("server", shape, topic);
}

/** Describes a field that must be absent. */
export function forbidden(topic: Topic): Field {
  return fieldOf("forbidden", any, topic);
}
