import { isProperties, type Properties, type Value } from "../rpc/values";

/** The options of the `nodejs` runtime that are honoured, as in Pulumi.yaml below `runtime.options`. */
export interface RuntimeOptions {
  /** True if `@pulumi/pulumi` compiles the program itself, with ts-node. */
  readonly typescript: boolean;
  /** The compiler's configuration, for `typescript` alone. */
  readonly tsconfig?: string;
  /** Arguments for `node`, before the program's. */
  readonly nodeArguments: readonly string[];
}

/**
 * Reads the runtime's options.
 * @throws Error naming the option whose value has a wrong type. Options that are not known are ignored, as by
 * the official language host.
 */
export function parseOptions(options: Value | undefined): RuntimeOptions {
  const given: Properties = isProperties(options) ? options : {};
  const { typescript = true, nodeargs = "", tsconfig } = given;
  if (typeof typescript !== "boolean") throw wrongType("typescript", "true or false", typescript);
  if (typeof nodeargs !== "string") throw wrongType("nodeargs", "a string", nodeargs);
  const nodeArguments = splitArguments(nodeargs);
  if (tsconfig === undefined) return { typescript, nodeArguments };
  if (typeof tsconfig !== "string") throw wrongType("tsconfig", "a string", tsconfig);
  return { typescript, nodeArguments, tsconfig };
}

function wrongType(name: string, expected: string, value: Value): Error {
  return new Error(
    `runtime.options.${name} in Pulumi.yaml: expected ${expected}, got ${JSON.stringify(value)}; correct it there`,
  );
}

/**
 * Splits a command line at its spaces, as a shell does: quotes and backslashes keep spaces.
 * @throws Error when a quote is left open.
 */
export function splitArguments(line: string): string[] {
  const words: string[] = [];
  const token = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(.)/gsu;
  let word: string | undefined;
  for (const [text, single, double, escaped, plain, stray] of line.matchAll(token)) {
    if (stray !== undefined) throw new Error(`a quote or backslash is not closed in: ${line}`);
    const part = single ?? double?.replace(/\\(["\\])/gu, "$1") ?? escaped ?? plain;
    if (part !== undefined) word = (word ?? "") + part;
    else if (text.trim() === "" && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}
