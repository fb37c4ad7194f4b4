import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Between two looks, in milliseconds. */
const PAUSE_MILLISECONDS = 200;

/** What the process list of the machine showed, each text once. */
export interface ProcessList {
  readonly commandLines: readonly string[];
  /** One variable each, as `NAME=VALUE`. */
  readonly variables: readonly string[];
}

function read(pid: string, file: "cmdline" | "environ"): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/**
 * Looks at every process of the machine, again and again: command lines, which every user can see, and environments.
 * @returns the function that ends it, and gives what was seen.
 */
export function watchProcesses(): () => Promise<ProcessList> {
  const commandLines = new Set<string>();
  const variables = new Set<string>();
  const stop = new AbortController();
  const watch = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        commandLines.add(read(pid, "cmdline").join(" "));
        for (const variable of read(pid, "environ")) variables.add(variable);
      }
      await sleep(PAUSE_MILLISECONDS);
    }
  };
  const watching = watch();
  return async () => {
    stop.abort();
    await watching;
    return { commandLines: [...commandLines], variables: [...variables] };
  };
}
