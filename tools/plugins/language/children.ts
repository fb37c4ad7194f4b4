import { type ChildProcess, spawn } from "node:child_process";

export interface Launch {
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** `inherit` shows what the program prints as this process's own; `pipe` hands it to the caller. */
  readonly output: "inherit" | "pipe";
  /** Ends the program. */
  readonly cancelled: AbortSignal;
}

const running = new Set<ChildProcess>();

/** Starts `node`, and records the process until it has ended. */
export function launch({ arguments: args, folder, environment, output, cancelled }: Launch): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", output, output],
  });
  running.add(child);
  const end = (): void => {
    child.kill();
  };
  cancelled.addEventListener("abort", end, { once: true });
  child.once("close", () => {
    running.delete(child);
    cancelled.removeEventListener("abort", end);
  });
  return child;
}

/** Ends all programs that were started and still run. */
export function endAll(): void {
  for (const child of running) child.kill();
}

/** Waits until a program has ended and its whole output was read. */
export async function ended(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
  });
}
