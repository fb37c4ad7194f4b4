/** Options whose value the engine reads, and that select a stack. */
const SELECTING: ReadonlyMap<string, "stack" | "cwd"> = new Map([
  ["--stack", "stack"],
  ["-s", "stack"],
  ["--cwd", "cwd"],
  ["-C", "cwd"],
]);

/** The part of an engine's command line that determines what is done to which stack. */
export interface CommandLine {
  /** The words that are not options, in order. */
  readonly words: readonly string[];
  /** The options that select the stack, to be passed to another command. */
  readonly where: readonly string[];
  /** The stack's name without project and organization; undefined for the selected one. */
  readonly stack: string | undefined;
}

/** Parses a command line of the engine. */
export function readArguments(args: readonly string[]): CommandLine {
  const words: string[] = [];
  const where: string[] = [];
  let stack: string | undefined;
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [name = "", ...parts] = arg.split("=");
    const selecting = SELECTING.get(name);
    if (selecting === undefined) {
      if (!name.startsWith("-")) words.push(arg);
      continue;
    }
    const value = parts.length > 0 ? parts.join("=") : (rest.shift() ?? "");
    where.push(name, value);
    if (selecting === "stack") stack = value.split("/").at(-1);
  }
  return { words, where, stack };
}
