import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The file that holds the id of a stack's last rerun from this checkout. */
function runFile(stack: string): string {
  return join(__dirname, `.run.${stack}`);
}

/**
 * Id of the run that `npm start` or `npm run again` last asked for in this checkout, so that a plain
 * `pulumi up` after it changes nothing; undefined where nobody did. `fuse-test:run` overrules it.
 */
export function lastRun(stack: string): string | undefined {
  try {
    return readFileSync(runFile(stack), "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Makes the id of a new run, from the time in UTC, and keeps it for this checkout. */
export function newRun(stack: string, now = new Date()): string {
  const run = now.toISOString().replace(/[-:]/g, "").replace("T", "-").replace(".", "-").replace("Z", "");
  writeFileSync(runFile(stack), `${run}\n`);
  return run;
}
