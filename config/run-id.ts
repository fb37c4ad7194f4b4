import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Configuration that a person may choose for one run, by its key without the project's prefix. */
const choices = z.object({ suite: z.string().optional(), driver: z.string().optional() });

const record = z.object({
  run: z.string().min(1),
  /** The choices on the command line of the run. */
  chosen: choices.default({}),
  /** The values of the stack's configuration that the choices replaced. */
  configured: choices.default({}),
});

/** The last run that `npm start` or `npm run again` asked for in this checkout. */
export type LastRun = z.infer<typeof record>;

/** Returns the path of the file that holds a stack's last run from this checkout. */
function runFile(stack: string, folder: string): string {
  return join(folder, `.run.${stack.split("/").at(-1) ?? stack}`);
}

/**
 * Returns the run that `npm start` or `npm run again` last asked for in this checkout, so that a plain
 * `pulumi up` after it changes nothing; undefined if there was none. `fuse-test:run` overrides it.
 */
export function lastRun(stack: string, folder = join(__dirname, "..")): LastRun | undefined {
  try {
    return record.parse(JSON.parse(readFileSync(runFile(stack, folder), "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * Returns a stack's configuration with the choices of its last run. A value that was configured later
 * overrides them.
 */
export function withChoices(
  values: Readonly<Record<string, string>>,
  last: LastRun | undefined,
): Record<string, string> {
  const result = { ...values };
  for (const key of ["suite", "driver"] as const) {
    const chosen = last?.chosen[key];
    if (chosen !== undefined && values[key] === last?.configured[key]) result[key] = chosen;
  }
  return result;
}

/**
 * Creates the id of a new run, from the time in UTC and stores it in this checkout, with the choices that
 * were made for it.
 */
export function newRun(
  stack: string,
  {
    now = new Date(),
    folder = join(__dirname, ".."),
    ...rest
  }: Partial<LastRun> & { now?: Date; folder?: string } = {},
): string {
  const run = now.toISOString().replace(/[-:]/g, "").replace("T", "-").replace(".", "-").replace("Z", "");
  writeFileSync(runFile(stack, folder), `${JSON.stringify({ ...rest, run })}\n`);
  return run;
}
