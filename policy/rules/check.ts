import { isDeepStrictEqual } from "node:util";
import { canonicalObject, isEmptyObject } from "./canonical";
import { matches } from "./pattern";
import type { Field, MapShape, NamedShape, ObjectShape, Scalar, Shape, Topic } from "./schema";
import { describe, field, type Fields, isFields, isList, UNKNOWN, type Value } from "./snapshot";

/** One thing that is not as it must be. */
export interface Violation {
  readonly topic: Topic;
  /** Where in the resource, such as `spec.containers[0].image`. */
  readonly path: string;
  readonly found: string;
  readonly required: string;
}

interface Place {
  readonly path: string;
  readonly topic: Topic;
}

/** A path one step further in. */
export function step(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

function quoted(values: readonly Scalar[]): string {
  return values.map((value) => JSON.stringify(value)).join(" or ");
}

/** What a shape asks for, in words. */
export function expectation(shape: Shape): string {
  switch (shape.kind) {
    case "any":
      return "anything";
    case "oneOf":
      return quoted(shape.values);
    case "text":
      return shape.expected;
    case "integer":
      return `a whole number from ${shape.min} to ${shape.max}`;
    case "exactly":
      return `exactly ${JSON.stringify(shape.items)}`;
    case "same":
      return `exactly ${describe(shape.value)}`;
    case "list":
      return "a list";
    case "named":
      return `a list of ${Object.keys(shape.members).join(", ")}, each once`;
    case "map":
    case "object":
      return "an object";
  }
}

/** Shapes that hold for a value as a whole or not at all. */
type Whole = Extract<Shape, { readonly kind: "oneOf" | "text" | "integer" | "exactly" | "same" }>;

function holds(value: Value, shape: Whole): boolean {
  switch (shape.kind) {
    case "oneOf":
      return shape.values.some((allowed) => allowed === value);
    case "text":
      return typeof value === "string" && matches(shape.pattern, value);
    case "integer":
      if (value === UNKNOWN) return shape.late === true;
      return Number.isInteger(value) && Number(value) >= shape.min && Number(value) <= shape.max;
    case "exactly":
      return isDeepStrictEqual(value, shape.items);
    case "same":
      return isDeepStrictEqual(value, shape.value);
  }
}

function checkMembers(value: readonly Value[], shape: NamedShape, place: Place): Violation[] {
  const { members, optional } = shape;
  const seen = new Set<Value | undefined>();
  const violations = value.flatMap((item, index) => {
    const path = `${place.path}[${index}]`;
    const name = field(item, "name");
    const known = typeof name === "string" && Object.hasOwn(members, name) && !seen.has(name);
    const member = known ? members[name] : undefined;
    if (member === undefined) {
      const found = name === undefined ? "an item without a name" : describe(name);
      return [{ ...place, path: step(path, "name"), found, required: expectation(shape) }];
    }
    seen.add(name);
    return differences(item, member, { ...place, path });
  });
  const missing = Object.keys(members).filter((name) => !seen.has(name) && !optional.includes(name));
  return [
    ...violations,
    ...missing.map((name) => ({ ...place, found: `no item named ${name}`, required: `one named ${name}` })),
  ];
}

function checkField(value: Value | undefined, one: Field, place: Place): Violation[] {
  const { shape, presence } = one;
  const at = { path: place.path, topic: one.topic ?? place.topic };
  if (value === undefined) {
    return presence === "required" ? [{ ...at, found: "nothing", required: expectation(shape) }] : [];
  }
  if (isEmptyObject(value) && (presence === "optional" || presence === "server")) return [];
  if (presence === "forbidden" || presence === "server") {
    return [{ ...at, found: describe(value), required: unset }];
  }
  return differences(value, shape, at);
}

const unset = "that it is not set";

function checkMap(value: Fields, shape: MapShape, place: Place): Violation[] {
  return Object.entries(value).flatMap(([key, item]) => {
    const at = { ...place, path: step(place.path, key) };
    return matches(shape.keys, key)
      ? differences(item, shape.values, at)
      : [{ ...at, found: describe(item), required: unset }];
  });
}

function checkObject(value: Fields, shape: ObjectShape, place: Place): Violation[] {
  const unknownFields = Object.keys(value).filter((key) => !Object.hasOwn(shape.fields, key));
  return [
    ...Object.entries(shape.fields).flatMap(([key, one]) =>
      checkField(field(value, key), one, { ...place, path: step(place.path, key) }),
    ),
    ...unknownFields.map((key) => ({
      ...place,
      path: step(place.path, key),
      found: describe(value[key]),
      required: unset,
    })),
  ];
}

function differences(value: Value, shape: Shape, place: Place): Violation[] {
  const wrong = [{ ...place, found: describe(value), required: expectation(shape) }];
  switch (shape.kind) {
    case "any":
      return [];
    case "list":
      return isList(value)
        ? value.flatMap((item, index) =>
            differences(item, shape.items, { ...place, path: `${place.path}[${index}]` }),
          )
        : wrong;
    case "named":
      return isList(value) ? checkMembers(value, shape, place) : wrong;
    case "map":
      return isFields(value) ? checkMap(value, shape, place) : wrong;
    case "object":
      return isFields(value) ? checkObject(value, shape, place) : wrong;
    case "oneOf":
    case "text":
    case "integer":
    case "exactly":
    case "same":
      return holds(value, shape) ? [] : wrong;
  }
}

/**
 * Compares a value of a manifest with its shape, both in their canonical form.
 * @returns every difference; none means that the value is as it must be. Unknown, secret, missing and wrongly typed
 * values differ from every shape but `any`; unknown ones also do not differ from a late number.
 */
export function check(value: Value, shape: Shape, place: Place): Violation[] {
  return differences(canonicalObject(value), shape, place);
}
