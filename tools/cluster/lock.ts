import { spawn } from "node:child_process";
import { join } from "node:path";
import { createFolder } from "../create-folder.cjs";

const TRIES = 5;

/**
 * Does `work` while nothing else starts or stops the cluster in `folder`.
 * The kernel ends the lock with the process that holds it, so a killed one leaves none behind.
 * @throws Error if another holds it for `seconds` (120 by default)
 */
export async function withLock<T>(folder: string, work: () => Promise<T>, seconds = 120): Promise<T> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    createFolder(folder, 0o700);
    const release = await lock(folder, seconds);
    if (release === undefined) continue;
    try {
      return await work();
    } finally {
      release();
    }
  }
  throw new Error(`${folder} is replaced by other processes repeatedly; stop them and try again`);
}

async function lock(folder: string, seconds: number): Promise<(() => void) | undefined> {
  const child = spawn("/bin/sh", [join(__dirname, "lock.sh"), folder, String(seconds)], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const release = () => {
    child.stdin.end();
    child.unref();
  };
  return await new Promise((resolve, reject) => {
    child.stdout.once("data", () => {
      resolve(release);
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 75 || code === 2) resolve(undefined);
      else
        reject(
          new Error(
            `another program has been starting or stopping this cluster for ${seconds} s; see: ps -ef`,
          ),
        );
    });
  });
}
