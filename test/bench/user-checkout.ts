import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { runChild } from "../../tools/child.cjs";
import { parseOutputs, type Verdict } from "../../protocol/verdict";
import { copyCheckout } from "../support/checkout";

/** The stack that is measured. */
const STACK = "local";

/** A copy of this checkout with a state of its own, in which commands run as a user would type them. */
export interface UserCheckout {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Writes the stack's configuration, by keys without the project's prefix. */
  readonly configure: (values: Readonly<Record<string, unknown>>) => void;
  /** Runs `pulumi WORDS`. @throws Error with its output if it fails. */
  readonly pulumi: (...words: readonly string[]) => Promise<string>;
  /** Runs `pulumi WORDS` behind the words of another command line. @throws Error with its output if it fails. */
  readonly pulumiThrough: (through: readonly string[], ...words: readonly string[]) => Promise<string>;
  /** Runs `npm run WORDS`. @throws Error with its output if it fails. */
  readonly npm: (...words: readonly string[]) => Promise<string>;
  /** Reads the verdict of the last update. @throws Error if it is not SUCCESS: it would be a good figure. */
  readonly requireSuccess: () => Promise<Verdict>;
}

/**
 * Copies this checkout.
 * @param options.cluster name of the embedded cluster
 * @param options.folder an empty folder for the copy and its state
 */
export async function makeUserCheckout(options: {
  readonly cluster: string;
  readonly folder: string;
}): Promise<UserCheckout> {
  const backend = join(options.folder, "backend");
  mkdirSync(backend);
  const environment = {
    ...process.env,
    FUSE_TEST_CLUSTER: options.cluster,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "",
  };
  const { folder } = await copyCheckout(join(options.folder, "checkout"));

  async function run(...line: readonly string[]): Promise<string> {
    const [program = "", ...words] = line;
    const { status, stdout, stderr } = await runChild(program, words, {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      timeoutMilliseconds: 300_000,
    });
    if (status === 0) return stdout;
    throw new Error(`${line.join(" ")} failed (exit status ${status}):\n${stdout}${stderr}`);
  }

  const binary = join(folder, "node_modules", ".bin", "pulumi");
  const pulumiThrough: UserCheckout["pulumiThrough"] = (through, ...words) =>
    run(...through, binary, ...words, "--stack", STACK, "--non-interactive");
  const pulumi: UserCheckout["pulumi"] = (...words) => pulumiThrough([], ...words);
  return {
    folder,
    environment,
    configure: (values) => {
      const config = Object.fromEntries(
        Object.entries({ cluster: "embedded", ...values }).map(([key, value]) => [`fuse-test:${key}`, value]),
      );
      writeFileSync(join(folder, `Pulumi.${STACK}.yaml`), stringify({ config }));
    },
    pulumi,
    pulumiThrough,
    npm: (...words) => run("npm", "run", "--silent", ...words),
    requireSuccess: async () => {
      const outputs = parseOutputs(await pulumi("stack", "output", "--json"));
      // What the engine and its plugins still do is not part of the next measurement.
      await sleep(200);
      if (outputs?.verdict === "SUCCESS") return outputs;
      throw new Error(`the verdict is ${outputs?.verdict ?? "missing"}: ${outputs?.summary ?? "no outputs"}`);
    },
  };
}
