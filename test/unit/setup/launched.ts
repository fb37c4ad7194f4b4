import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { writeWhole } from "../../../tools/setup/files";
import { writeProgram } from "./programs";
import { inFolder } from "./support";

export const LAUNCHER = join(__dirname, "../../../tools/pulumi/pulumi.cjs");

export interface Place {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
}

/** A cache whose engine is a shell program, and an environment that has nothing of Pulumi's. */
export function inPlace<T>(program: readonly string[], use: (place: Place) => T | Promise<T>): Promise<T> {
  return inFolder((folder) => {
    const bin = writeProgram(join(folder, "engine", "pulumi"), ...program);
    const record = {
      bin,
      version: "3.259.0",
      source: "built",
      reason: "",
      plugins: { language: "thin", kubernetes: "module", command: "thin" },
      path: [join(folder, "engine")],
    };
    writeWhole(join(folder, "cache", "engine.json"), JSON.stringify(record));
    const env = {
      PATH: process.env.PATH,
      FUSE_TEST_CACHE: join(folder, "cache"),
      FUSE_TEST_STATE: join(folder, "state"),
    };
    return use({ env, folder });
  });
}

/** Waits until a child has printed something. */
export async function started(child: ChildProcess): Promise<void> {
  assert.ok(child.stdout);
  await once(child.stdout, "data");
}

/** A time, as the launcher says it. */
export const WHEN = "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z";

/** Runs the launcher. */
export function launch(env: NodeJS.ProcessEnv, ...args: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [LAUNCHER, ...args], {
    env,
    encoding: "utf8",
  });
  return { stdout, stderr, status };
}

/** Starts a command and kills the launcher and the engine as soon as that runs. */
export async function killed(env: NodeJS.ProcessEnv, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await started(child);
  const ended = once(child, "exit");
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await ended;
}
