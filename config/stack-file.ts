import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

/** Name of the project, as in Pulumi.yaml. */
const PROJECT = "fuse-test";

const file = z.object({ config: z.record(z.string(), z.unknown()).default({}) });

/** Converts a value as the engine would pass it on: text as it is, everything else as JSON. */
function handedOn(key: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "secure" in value) {
    throw new Error(`${key} is encrypted, but no setting of this test is a secret: write it in plain text`);
  }
  return JSON.stringify(value);
}

/**
 * Reads a stack's configuration without the engine: the project's values by key, without its prefix.
 * @throws Error in one line that names the file if it cannot be read.
 */
export function readStackFile(path: string): Record<string, string> {
  try {
    const { config } = file.parse(parse(readFileSync(path, "utf8")) ?? {});
    return Object.fromEntries(
      Object.entries(config)
        .filter(([key]) => key.startsWith(`${PROJECT}:`))
        .map(([key, value]) => [key.slice(PROJECT.length + 1), handedOn(key, value)]),
    );
  } catch (error) {
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new Error(`the stack's configuration ${path} cannot be read: ${why}`);
  }
}
