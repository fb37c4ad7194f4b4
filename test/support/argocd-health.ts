import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { ARGOCD_HEALTH, ARGOCD_RULES } from "./module-tools/argocd";
import { ensureTools, fileOf, programOf } from "./module-tools/tool";

/** The health that Argo CD sees in one object, or in the Application that holds all of them. */
export interface Health {
  /** `KIND/NAME`, or `Application`. */
  readonly name: string;
  readonly status: string;
  readonly message: string;
}

/** Milliseconds for the rules of a few objects. */
const TIMEOUT = 20_000;

/** Judges objects with their status by Argo CD's own rules, those in Go and those in Lua. */
export async function judgeHealth(objects: readonly object[]): Promise<Health[]> {
  await ensureTools([ARGOCD_HEALTH], (line) => void process.stdout.write(`      ${line}\n`));
  const { stdout, stderr, status } = spawnSync(
    programOf(ARGOCD_HEALTH),
    [fileOf(ARGOCD_HEALTH, ARGOCD_RULES)],
    {
      input: objects.map((object) => JSON.stringify(object)).join("\n"),
      encoding: "utf8",
      timeout: TIMEOUT,
    },
  );
  assert.equal(status, 0, stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Health);
}
