import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const project = join(__dirname, "..", "..");

/**
 * What a program prints in a process of its own, with nothing loaded yet.
 * @param file of the project, from which `require` looks
 */
export function printedFrom(
  file: string,
  program: string,
  environment: Readonly<Record<string, string>> = {},
): string {
  const from = `require("node:module").createRequire(${JSON.stringify(join(project, file))})`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["-e", `((require) => {${program}})(${from})`],
    { cwd: project, encoding: "utf8", env: { ...process.env, ...environment } },
  );
  assert.equal(status, 0, stderr);
  return stdout;
}
