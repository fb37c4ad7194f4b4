import { join } from "node:path";
import type { Log } from "./build";
import { ENTRIES, makeBundles } from "../load.cjs";
import { lock } from "../lock.cjs";
import { cacheHome } from "./paths";
import {
  type EngineRecord,
  type KubernetesRecord,
  pluginsPresent,
  presentEngine,
  presentKubernetes,
} from "./install-record";
import { missingPackages } from "./apt";

export type { EngineRecord } from "./install-record";

/** The choices of setup. */
export interface Toolchain {
  readonly engine: EngineRecord;
  readonly kubernetes: KubernetesRecord;
}

const WAIT_TIMEOUT = 3 * 3600_000;

function readyEngine(): EngineRecord | undefined {
  const engine = presentEngine();
  return engine !== undefined && pluginsPresent(engine) ? engine : undefined;
}

function readyToolchain(): Toolchain | undefined {
  const engine = readyEngine();
  const kubernetes = presentKubernetes();
  if (engine === undefined || kubernetes === undefined || missingPackages().length > 0) return undefined;
  return { engine, kubernetes };
}

/** Makes what is missing: bundles, which any number of processes may make, and then the tools, one process at a time. */
async function ensure<T>(log: Log, ready: () => T | undefined, cluster: boolean): Promise<T> {
  await makeBundles(ENTRIES);
  const before = ready();
  if (before !== undefined) return before;
  const release = await lock({
    file: join(cacheHome(), "setup.lock"),
    waiting: () => {
      log(`setup: another process sets up ${cacheHome()}; waiting for it`);
    },
    timeoutMilliseconds: WAIT_TIMEOUT,
  });
  try {
    if (ready() === undefined) {
      // Loaded only now: a call that finds all in place stays fast.
      const { setUp } = await import("./setup.js");
      await setUp({ cluster, log });
    }
  } finally {
    release();
  }
  const after = ready();
  if (after === undefined) {
    throw new Error(
      `setup: ${cacheHome()} was changed by another process meanwhile. Run it again: npm run setup`,
    );
  }
  return after;
}

/**
 * Makes sure that there are a Pulumi engine, its plugins, Kubernetes and the system packages of the embedded cluster.
 * Safe to interrupt and to run several times at once.
 * @throws Error in one line that names everything which keeps it from succeeding.
 */
export function ensureToolchain({ log }: { readonly log: Log }): Promise<Toolchain> {
  return ensure(log, readyToolchain, true);
}

/** Makes sure that there are a Pulumi engine and its plugins, for a cluster of the user's own; needs no root. */
export function ensureEngine({ log }: { readonly log: Log }): Promise<EngineRecord> {
  return ensure(log, readyEngine, false);
}

function origin({ source, reason }: Pick<EngineRecord, "source" | "reason">): string {
  const words = { installed: "installed", downloaded: "downloaded", built: "built from modules" }[source];
  return reason === "" ? words : `${words} (${reason})`;
}

/** Describes the tools in use and the reasons, one line each. */
export function describeToolchain({ engine, kubernetes }: Partial<Toolchain>): string[] {
  const plugins = {
    release: "Pulumi's release",
    module: "Pulumi's own, built from its module",
    thin: "this project's own, in place of Pulumi's",
  };
  return [
    ...(engine === undefined
      ? []
      : [
          `engine: Pulumi ${engine.version}, ${origin(engine)}: ${engine.bin}`,
          ...(["language", "kubernetes", "command"] as const).map(
            (name) => `plugin ${name}: ${plugins[engine.plugins[name]]}`,
          ),
        ]),
    ...(kubernetes === undefined
      ? []
      : [`kubernetes: ${kubernetes.version}, ${origin(kubernetes)}: ${kubernetes.folder}`]),
  ];
}
