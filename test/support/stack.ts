import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { stringify } from "yaml";
import { parseOutputs, type Verdict } from "../../verdict/contract";
import { E2E_CLUSTER } from "./names";

const project = join(__dirname, "..", "..");

/** What a command printed, and how it ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A stack of this project in a file backend of its own, driven by the literal command line. */
export interface TestStack {
  /** Sets the stack's configuration, without the project's prefix. */
  readonly configure: (values: Readonly<Record<string, unknown>>) => void;
  /** Runs `pulumi ARGS --stack local`; resolves however it ends. */
  readonly pulumi: (...args: readonly string[]) => Promise<Finished>;
  /** Runs `pulumi up` and gives the verdict that the stack's outputs then hold. */
  readonly up: (...args: readonly string[]) => Promise<Verdict>;
  /** Destroys the test and removes the backend. */
  readonly remove: () => Promise<void>;
}

/** Makes a stack on the cluster of the end-to-end tests. */
export async function testStack(): Promise<TestStack> {
  const folder = mkdtempSync(join(tmpdir(), "fuse-test-stack-"));
  const configFile = join(folder, "Pulumi.local.yaml");
  const environment = {
    ...process.env,
    FUSE_TEST_CLUSTER: E2E_CLUSTER,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "",
  };

  async function run(args: readonly string[]): Promise<Finished> {
    const child = spawn(join(project, "node_modules", ".bin", "pulumi"), args, {
      cwd: project,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on("error", reject).on("close", resolve);
    });
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr };
  }

  const configure: TestStack["configure"] = (values) => {
    const config = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [`fuse-test:${key}`, value]),
    );
    writeFileSync(configFile, stringify({ config: { "fuse-test:cluster": "embedded", ...config } }));
  };

  const pulumi: TestStack["pulumi"] = (verb, ...args) => {
    const config = ["up", "preview", "destroy", "refresh"].includes(verb ?? "")
      ? ["--config-file", configFile]
      : [];
    return run([
      ...(verb === undefined ? [] : verb.split(" ")),
      ...args,
      "--stack",
      "local",
      ...config,
      "--non-interactive",
    ]);
  };

  const expectSuccess = (finished: Finished): Finished => {
    if (finished.code === 0) return finished;
    throw new Error(`exit status ${finished.code ?? "none"}\n${finished.stdout}\n${finished.stderr}`);
  };

  configure({});
  expectSuccess(await run(["stack", "init", "local", "--non-interactive"]));
  return {
    configure,
    pulumi,
    up: async (...args) => {
      expectSuccess(await pulumi("up", "--yes", "--skip-preview", "--policy-pack", "policy", ...args));
      const outputs = parseOutputs(expectSuccess(await pulumi("stack output", "--json")).stdout);
      if (outputs === undefined) throw new Error("the stack's outputs hold no verdict");
      return outputs;
    },
    remove: async () => {
      expectSuccess(await pulumi("destroy", "--yes", "--skip-preview"));
      rmSync(folder, { recursive: true });
    },
  };
}
