import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { z } from "zod";
import { pulumiBinary, pulumiEnvironment } from "../tools/setup/pulumi";
import { asIs } from "../tools/setup/run";

/** A policy's message about a resource. */
interface Finding {
  readonly urn: string;
  readonly policy: string;
  readonly level: string;
  readonly message: string;
}

export interface Preview {
  readonly passed: boolean;
  readonly findings: readonly Finding[];
  /** URNs of all resources that would be created. */
  readonly resources: readonly string[];
  /** The engine's output. */
  readonly output: string;
  readonly milliseconds: number;
}

interface PreviewOptions {
  /** Folder of the program. */
  readonly program: string;
  /** Folder of the policy pack. */
  readonly pack: string;
  readonly stack: string;
  /** The stack's configuration, with the project's prefix. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly arguments?: readonly string[];
  /** Longest duration of the preview. */
  readonly timeoutMilliseconds?: number;
}

const event = z.object({
  policyEvent: z
    .object({
      resourceUrn: z.string().optional(),
      policyName: z.string(),
      enforcementLevel: z.string(),
      message: z.string(),
    })
    .optional(),
  resourcePreEvent: z.object({ metadata: z.object({ urn: z.string() }) }).optional(),
});

function eventsIn(file: string): z.infer<typeof event>[] {
  let lines: string[] = [];
  try {
    lines = readFileSync(file, "utf8").split("\n");
  } catch {
    // The engine failed before its first event: its output contains the reason.
  }
  return lines.filter((line) => line !== "").map((line) => event.parse(JSON.parse(line)));
}

interface Ended {
  /** Exit status; undefined if the engine was killed by a signal. */
  readonly code: number | undefined;
  readonly output: string;
}

async function run(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  options: { readonly timeout: number; readonly signal?: AbortSignal | undefined },
): Promise<Ended> {
  const { timeout, signal: cancelSignal } = options;
  const { exitCode, signal, all, isCanceled, cause } = await execa(pulumiBinary(env), args, {
    ...{ ...asIs, cwd, env, timeout, stdin: "ignore", all: true },
    ...(cancelSignal === undefined ? {} : { cancelSignal }),
    // A preview changes nothing, and its plugins exit with it.
    killSignal: "SIGKILL",
  });
  if (exitCode === undefined && signal === undefined && !isCanceled) throw cause;
  return { code: exitCode, output: all };
}

/** A backend that is only for previews. */
export interface Previews {
  /**
   * Previews a program against a policy pack with the real engine.
   * @throws Error if the engine is not set up, or the stack cannot be created.
   */
  readonly preview: (options: PreviewOptions) => Promise<Preview>;
  readonly remove: () => void;
}

const TIMEOUT_MILLISECONDS = 300_000;

function findingsOf(events: readonly z.infer<typeof event>[]): Finding[] {
  return events.flatMap(({ policyEvent }) =>
    policyEvent === undefined
      ? []
      : [
          {
            urn: policyEvent.resourceUrn ?? "",
            policy: policyEvent.policyName,
            level: policyEvent.enforcementLevel,
            message: policyEvent.message.trim(),
          },
        ],
  );
}

/**
 * Creates a backend in a temporary folder, so that no stack of the user and no file of the program is changed.
 * @param signal stops the running previews
 */
export function openPreviews(signal?: AbortSignal): Previews {
  const folder = mkdtempSync(join(tmpdir(), "fuse-test-policy-"));
  const stacks = new Map<string, Promise<void>>();
  let previews = 0;
  const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
    ...pulumiEnvironment({ ...process.env, ...more, PULUMI_BACKEND_URL: `file://${folder}` }),
    PULUMI_CONFIG_PASSPHRASE: "",
    // Shows the engine's flag for a file of events.
    PULUMI_DEBUG_COMMANDS: "true",
  });
  // From this folder: the command writes a file of configuration beside the project's.
  writeFileSync(join(folder, "Pulumi.yaml"), "name: fuse-test\nruntime: nodejs\n");

  async function initialize(stack: string): Promise<void> {
    const args = ["stack", "init", stack, "--non-interactive", "--no-select"];
    const { code, output } = await run(args, folder, environment(), {
      timeout: TIMEOUT_MILLISECONDS,
      signal,
    });
    if (code !== 0) throw new Error(`pulumi stack init ${stack} failed: ${output.trim()}`);
  }

  return {
    preview: async (options) => {
      const start = performance.now();
      const { stack } = options;
      const initialized = stacks.get(stack) ?? initialize(stack);
      stacks.set(stack, initialized);
      await initialized;
      const name = `${stack}-${(previews += 1)}`;
      const configFile = join(folder, `${name}.yaml`);
      const events = join(folder, `${name}.json`);
      writeFileSync(configFile, stringify({ config: options.config ?? {} }));
      const where = ["--stack", stack, "--config-file", configFile, "--policy-pack", options.pack];
      const { code, output } = await run(
        ["preview", "--non-interactive", ...where, "--event-log", events, ...(options.arguments ?? [])],
        options.program,
        environment(options.environment),
        { timeout: options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS, signal },
      );
      const found = eventsIn(events);
      return {
        passed: code === 0,
        findings: findingsOf(found),
        resources: found.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata.urn ?? []),
        output,
        milliseconds: Math.round(performance.now() - start),
      };
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
