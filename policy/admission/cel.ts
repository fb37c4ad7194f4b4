import { matchesExpression } from "../rules/pattern";
import type { Field, NamedShape, Scalar, Shape } from "../rules/schema";

function literal(value: Scalar | readonly Scalar[]): string {
  return JSON.stringify(value);
}

function objectExpression(fields: Readonly<Record<string, Field>>, at: string, depth: number): string {
  const present = Object.entries(fields).filter(([, { presence }]) => presence !== "forbidden");
  const key = `k${depth}`;
  return [
    `type(${at}) == map`,
    `${at}.all(${key}, ${key} in ${literal(present.map(([name]) => name))})`,
    ...present
      .map(([name, field]) => fieldExpression(name, field, at, depth))
      .filter((part) => part !== "true"),
  ].join(" && ");
}

/** Returns a CEL expression that is true if a list has the members that a shape names, whatever they contain. */
export function membershipExpression({ members, optional }: NamedShape, at: string, item = "i"): string {
  const names = Object.keys(members);
  const isNamed = (name: string) => `${item}["name"] == ${literal(name)}`;
  const known = `type(${item}) == map && "name" in ${item} && ${item}["name"] in ${literal(names)}`;
  return [
    `type(${at}) == list`,
    `${at}.all(${item}, ${known})`,
    ...names.map((name) =>
      optional.includes(name)
        ? `${at}.filter(${item}, ${isNamed(name)}).size() <= 1`
        : `${at}.exists_one(${item}, ${isNamed(name)})`,
    ),
  ].join(" && ");
}

function membersExpression(shape: NamedShape, at: string, depth: number): string {
  const item = `i${depth}`;
  const each = Object.entries(shape.members).map(
    ([name, member]) => `(${item}["name"] != ${literal(name)} || (${celOf(member, item, depth + 1)}))`,
  );
  return `${membershipExpression(shape, at, item)} && ${at}.all(${item}, ${each.join(" && ")})`;
}

/**
 * Returns a CEL expression that is true if a field of an object is as required.
 * @param at expression of the object, which is known to be a map.
 */
export function fieldExpression(name: string, { shape, presence }: Field, at: string, depth = 0): string {
  const within = `${literal(name)} in ${at}`;
  if (presence === "forbidden") return `!(${within})`;
  const value = celOf(shape, `${at}[${literal(name)}]`, depth + 1);
  if (presence === "required") return value === "true" ? within : `${within} && (${value})`;
  return value === "true" ? value : `(!(${within}) || (${value}))`;
}

/**
 * Returns a CEL expression that is true for the values that have a shape, and that never fails.
 * @param at expression of the value.
 */
export function celOf(shape: Shape, at: string, depth = 0): string {
  const item = `i${depth}`;
  switch (shape.kind) {
    case "any":
      return "true";
    case "oneOf":
      return `${at} in ${literal(shape.values)}`;
    case "text":
      return `type(${at}) == string && ${matchesExpression(at, shape.pattern)}`;
    case "integer":
      return `type(${at}) == int && ${at} >= ${shape.min} && ${at} <= ${shape.max}`;
    case "exactly":
      return `${at} == ${literal(shape.items)}`;
    case "same":
      return `${at} == ${JSON.stringify(shape.value)}`;
    case "list":
      return `type(${at}) == list && ${at}.all(${item}, ${celOf(shape.items, item, depth + 1)})`;
    case "named":
      return membersExpression(shape, at, depth);
    case "map":
      return `type(${at}) == map && ${at}.all(${item}, ${matchesExpression(item, shape.keys)} && (${celOf(shape.values, `${at}[${item}]`, depth + 1)}))`;
    case "object":
      return objectExpression(shape.fields, at, depth);
  }
}
