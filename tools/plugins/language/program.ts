import { createRequire } from "node:module";
import { join } from "node:path";
import type { RuntimeOptions } from "./options";

/** A program that the engine requests to run. */
export interface RunRequest {
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
  readonly configSecretKeys: readonly string[];
  readonly dryRun: boolean;
  readonly parallel: number;
  readonly monitor: string;
  readonly engine: string;
  /** Folder of Pulumi.yaml. */
  readonly rootDirectory: string;
  /** Working directory of the program. */
  readonly pwd: string;
  /** The program, relative to its folder: Pulumi.yaml's `main`, or ".". */
  readonly program: string;
  readonly arguments: readonly string[];
}

/**
 * Returns the path of a script of `@pulumi/pulumi/cmd`, from the program's own dependencies.
 * @throws Error with the command that installs them.
 */
export function sdkScript(name: string, folder: string): string {
  try {
    return createRequire(join(folder, "package.json")).resolve(`@pulumi/pulumi/cmd/${name}`);
  } catch {
    throw new Error(
      `@pulumi/pulumi is not installed for the program in ${folder}: no cmd/${name} in its node_modules. Install it: npm ci`,
    );
  }
}

/** Returns the arguments for `node` that run a program, as `@pulumi/pulumi/cmd/run` requires them. */
export function runArguments(request: RunRequest, script: string, options: RuntimeOptions): string[] {
  const flags: Record<string, string> = {
    organization: request.organization,
    project: request.project,
    stack: request.stack,
    pwd: request.pwd,
    monitor: request.monitor,
    engine: request.engine,
    "root-directory": request.rootDirectory,
    parallel: request.parallel > 0 ? String(request.parallel) : "",
  };
  return [
    ...options.nodeArguments,
    script,
    ...Object.entries(flags).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(request.dryRun ? ["--dry-run"] : []),
    request.program === "" ? "." : request.program,
    ...request.arguments,
  ];
}

/** Returns the environment of a program, beyond the language host's own. */
export function runEnvironment(request: RunRequest, options: RuntimeOptions): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(request.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.configSecretKeys),
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript),
    ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}

/** Exit code of a program that has shown its error already. Source: `@pulumi/pulumi/cmd/run/index.js`. */
const ERROR_SHOWN = 32;

/** Converts the end of a program to the engine's result. */
export function outcome(
  code: number | null,
  signal: NodeJS.Signals | null,
): { readonly error: string; readonly bail: boolean } {
  if (code === 0) return { error: "", bail: false };
  if (code === ERROR_SHOWN) return { error: "", bail: true };
  if (signal !== null) return { error: `Program was killed by the signal ${signal}`, bail: false };
  return { error: `Program exited with non-zero exit code: ${code ?? 1}`, bail: false };
}
