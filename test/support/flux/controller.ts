import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** kustomize-controller as a process of this machine. */
export interface Controller {
  /** Starts it with the feature gates, none of which is on by default. @throws Error if it runs already. */
  readonly start: (...gates: readonly string[]) => void;
  /** Ends it with SIGKILL, as a node that fails would, and waits until it is gone. */
  readonly kill: () => Promise<void>;
  /** Returns what it has printed, all its processes together. */
  readonly log: () => string;
  /** Ends it, and removes its log and its temporary files. */
  readonly remove: () => Promise<void>;
}

const ARGUMENTS = [
  // It listens on no address: nothing outside asks it.
  ...["--metrics-addr=0", "--health-addr=0", "--enable-leader-election=false"],
  ...["--no-remote-bases", "--log-encoding=json", "--log-level=debug"],
] as const;

/** Makes a controller that works on a cluster. Whoever makes it removes it. */
export function makeController(program: string, kubeconfig: string): Controller {
  const home = mkdtempSync(join(tmpdir(), "fuse-test-controller-"));
  const log = join(home, "log");
  const temporary = join(home, "tmp");
  mkdirSync(temporary);
  let child: ReturnType<typeof spawn> | undefined;
  const kill = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running?.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, "exit");
    running.kill("SIGKILL");
    await ended;
  };
  return {
    start: (...gates) => {
      if (child !== undefined) throw new Error("the controller was started twice");
      const output = openSync(log, "a");
      // It ends with this process, however that ends.
      const features = gates.map((gate) => `--feature-gates=${gate}=true`);
      child = spawn("setpriv", ["--pdeathsig", "KILL", "--", program, ...ARGUMENTS, ...features], {
        stdio: ["ignore", output, output],
        env: {
          PATH: process.env.PATH,
          HOME: home,
          TMPDIR: temporary,
          KUBECONFIG: kubeconfig,
          RUNTIME_NAMESPACE: "flux-system",
        },
      });
      closeSync(output);
    },
    kill,
    log: () => readFileSync(log, "utf8"),
    remove: async () => {
      await kill();
      rmSync(home, { recursive: true });
    },
  };
}
