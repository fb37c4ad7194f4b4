import ts from "typescript";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { guardManifests } from "../../policy/admission/guard";
import { OBJECTS } from "../../policy/rules/expected-objects";
import { PLACES } from "../../policy/rules/expected-resources";
import { podParts } from "../../policy/rules/pods";
import { ROLES } from "../../policy/rules/roles";
import type { Shape } from "../../policy/rules/schema";

/** Every pattern in a shape. */
function* patternsIn(shape: Shape): Generator<string> {
  switch (shape.kind) {
    case "text":
      yield shape.pattern;
      break;
    case "list":
      yield* patternsIn(shape.items);
      break;
    case "map":
      yield shape.keys;
      yield* patternsIn(shape.values);
      break;
    case "named":
      for (const member of Object.values(shape.members)) yield* patternsIn(member);
      break;
    case "object":
      for (const field of Object.values(shape.fields)) yield* patternsIn(field.shape);
      break;
    case "any":
    case "oneOf":
    case "integer":
    case "exactly":
    case "same":
  }
}

const shapes: Shape[] = [
  ...[...OBJECTS, ...PLACES].map(({ shape }) => shape),
  ...ROLES.flatMap((role) => {
    const { metadata, spec, containers } = podParts(role);
    return [metadata, spec, containers];
  }),
];

/** A pattern in an expression of the guard, as `matchesExpression` writes it. */
const IN_EXPRESSION = /[.]matches[(]("(?:[^"\\]|\\.)*")[)]/g;

function* expressionsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) yield* expressionsIn(item);
  }
}

/** Returns the patterns that the API server is asked about. */
export function patternsOfGuard(): string[] {
  const found = [...expressionsIn(guardManifests())].flatMap((expression) => {
    const all = [...expression.matchAll(IN_EXPRESSION)].map(
      ([, literal = ""]) => JSON.parse(literal) as string,
    );
    if (all.length !== expression.split(".matches(").length - 1) throw new Error(`not read: ${expression}`);
    return all.map((pattern) => pattern.replace(/^\(\?s\)/, ""));
  });
  return [...new Set(found)];
}

/** Every pattern that the rules and the API server share, each once: those of the guard, and those of the shapes. */
export const PATTERNS: readonly string[] = [
  ...new Set([...patternsOfGuard(), ...shapes.flatMap((shape) => [...patternsIn(shape)])]),
];

const policy = join(__dirname, "..", "..", "policy");

/** A file of the policies, as the compiler reads it. */
interface SourceFile {
  readonly file: string;
  readonly source: ts.SourceFile;
}

/** Returns every source file of the policies. */
function policySources(): SourceFile[] {
  return readdirSync(policy, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({
      file,
      source: ts.createSourceFile(
        file,
        readFileSync(join(policy, file), "utf8"),
        ts.ScriptTarget.ES2022,
        true,
      ),
    }));
}

function* nodesIn(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesIn(child);
}

/** Returns the regular expressions that the policies have as literals. */
export function literals(): { readonly file: string; readonly literal: RegExp }[] {
  return policySources().flatMap(({ file, source }) =>
    [...nodesIn(source)].filter(ts.isRegularExpressionLiteral).map(({ text }) => {
      const end = text.lastIndexOf("/");
      return { file, literal: new RegExp(text.slice(1, end), text.slice(end + 1)) };
    }),
  );
}

/** Returns the first argument of every call of `matches`, as it is written. */
export function matchedPatterns(): { readonly file: string; readonly pattern: string }[] {
  return policySources().flatMap(({ file, source }) =>
    [...nodesIn(source)]
      .filter(ts.isCallExpression)
      .filter(({ expression }) => expression.getText() === "matches")
      .map((call) => ({ file, pattern: call.arguments[0]?.getText() ?? "" })),
  );
}
