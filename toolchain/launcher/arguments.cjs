// What the launcher has to know of the engine's command line.

/** Options that the engine reads a value of, and that say which stack is meant. */
const WHERE = new Map([
  ["--stack", "stack"],
  ["-s", "stack"],
  ["--cwd", "cwd"],
  ["-C", "cwd"],
]);

/**
 * Reads a command line as far as it says what is done to which stack.
 * @returns `words`: what is no option, in order; `stack`: the stack's name without project and organization, or
 * undefined for the selected one; `where`: the options that say so, to be given to another command.
 */
function readArguments(args) {
  const words = [];
  const where = [];
  let stack;
  for (let index = 0; index < args.length; index += 1) {
    const [name, ...rest] = args[index].split("=");
    const what = WHERE.get(name);
    if (what === undefined) {
      if (!name.startsWith("-")) words.push(args[index]);
      continue;
    }
    const value = rest.length > 0 ? rest.join("=") : (args[(index += 1)] ?? "");
    where.push(name, value);
    if (what === "stack") stack = value.split("/").at(-1);
  }
  return { words, where, stack };
}

module.exports = { readArguments };
