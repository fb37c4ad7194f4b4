// Prepares an update that follows an interrupted destroy: the state may list objects that are gone, or soon will be.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { EngineRecord } from "./homes";

/** What reading the state may take, in milliseconds. */
const EXPORT_TIMEOUT = 30_000;

/** What waiting for the namespace may take, in milliseconds: the command itself gives up after 60 s. */
const SETTLE_TIMEOUT = 90_000;

const PROJECT = join(__dirname, "..", "..");

/** The commands that clean: each has in the state what they all need. */
const CLEANING = /::fuse-test-(?:namespace-removal|janitor|pod-removal)$/;

interface Resource {
  readonly type: string;
  readonly urn: string;
  readonly inputs: { readonly stdin: string };
}

/** Returns a cleaning command's request for cluster and namespace, from the stack's state; undefined if it has none. */
export function cleaningRequest(deployment: unknown): object | undefined {
  try {
    const { resources } = deployment as { readonly resources: readonly Resource[] };
    const command = resources.find(
      ({ type, urn }) => type === "command:local:Command" && CLEANING.test(urn),
    );
    return command && ((JSON.parse(command.inputs.stdin) as object | null) ?? undefined);
  } catch {
    return undefined;
  }
}

/** The engine as a command runs it. */
interface Engine {
  readonly engine: EngineRecord;
  readonly env: NodeJS.ProcessEnv;
  /** The options that select the stack. */
  readonly where: readonly string[];
}

function readDeployment({ engine, env, where }: Engine): unknown {
  const { stdout } = spawnSync(engine.bin, ["stack", "export", "--non-interactive", ...where], {
    env,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
    timeout: EXPORT_TIMEOUT,
  });
  try {
    return (JSON.parse(stdout) as { readonly deployment?: unknown }).deployment;
  } catch {
    return undefined;
  }
}

/**
 * Waits until the stack's namespace is gone, if it is being deleted.
 * @returns true if the cluster responds. If it does not, the program says so, with a verdict.
 */
export function settle(engine: Engine): boolean {
  const request = cleaningRequest(readDeployment(engine));
  if (request === undefined) return true;
  const command = [join(PROJECT, "toolchain", "load.cjs"), "lifecycle/main.ts", "--request", "-"];
  const { status } = spawnSync(process.execPath, command, {
    cwd: PROJECT,
    env: engine.env,
    input: JSON.stringify({ ...request, mode: "settle" }),
    stdio: ["pipe", "ignore", "inherit"],
    timeout: SETTLE_TIMEOUT,
  });
  return status === 0;
}
