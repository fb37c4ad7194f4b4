import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "..", "..", "pods");

/** The text of a program of the pods, by its name without `.sh`. */
export function podProgram(name: string): string {
  return readFileSync(join(folder, `${name}.sh`), "utf8");
}

function listIn(name: string, variable: string): string[] {
  const value = new RegExp(`^${variable}="?([^"\n]*)"?$`, "m").exec(podProgram(name))?.[1];
  if (value === undefined) throw new Error(`pods/${name}.sh has no ${variable}`);
  return value.split(" ");
}

/** The programs that all of the pods' programs look for. */
export function commonTools(): string[] {
  return listIn("common", "COMMON_TOOLS");
}

/** The programs that one of the pods' programs looks for before it does anything. */
export function toolsOf(name: string): string[] {
  return listIn(name, "TOOLS").flatMap((tool) => (tool === "$COMMON_TOOLS" ? commonTools() : [tool]));
}

/** The programs that a driver says it needs; of `a|b` either will do. */
export function programsOfDriver(name: string): string[] {
  return listIn(`drivers/${name}`, "DRIVER_PROGRAMS");
}
