import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { parseOutputs, type Verdict } from "../../protocol/verdict";
import { type Finished, type Running, startPulumi, type Surroundings } from "./engine";
import { E2E_CLUSTER } from "./names";

export type { Finished } from "./engine";

/** A stack of this project in a file backend of its own, driven by the literal command line. */
export interface TestStack {
  /** Sets the stack's configuration, without the project's prefix. */
  readonly configure: (values: Readonly<Record<string, unknown>>) => void;
  /** Runs `pulumi ARGS --stack local`; resolves however it ends. */
  readonly pulumi: (verb: string, ...args: readonly string[]) => Promise<Finished>;
  /** Starts `pulumi ARGS --stack local`, for a user who does not let it end. */
  readonly start: (verb: string, ...args: readonly string[]) => Running;
  /** The same stack, with its commands run in other surroundings. */
  readonly within: (surroundings: Surroundings) => Pick<TestStack, "pulumi" | "start" | "up">;
  /** Folder of the backend, which holds the state. */
  readonly folder: string;
  /** Runs `pulumi up` and gives the verdict that the stack's outputs then hold. */
  readonly up: (...args: readonly string[]) => Promise<Verdict>;
  /** Destroys the test and removes the backend. */
  readonly remove: () => Promise<void>;
}

export interface TestStackOptions {
  /** Name of the embedded cluster, if it is not the one that the end-to-end tests share. */
  readonly cluster?: string;
  /** Folder of the backend, which is removed with the stack; one is made where none is given. */
  readonly folder?: string;
  /** What every command of the stack runs in, unless configured otherwise. */
  readonly surroundings?: Surroundings;
}

/** Makes a stack on the cluster of the end-to-end tests. */
export async function testStack(options: TestStackOptions = {}): Promise<TestStack> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "fuse-test-stack-"));
  const configFile = join(folder, "Pulumi.local.yaml");
  const environment = {
    ...process.env,
    FUSE_TEST_CLUSTER: options.cluster ?? E2E_CLUSTER,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "",
  };

  const configure: TestStack["configure"] = (values) => {
    const config = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [`fuse-test:${key}`, value]),
    );
    // The cluster's own guard is in force for whatever a test does, unless the test says why not.
    const usual = { "fuse-test:cluster": "embedded", "fuse-test:guard": true };
    writeFileSync(configFile, stringify({ config: { ...usual, ...config } }));
  };

  const within: TestStack["within"] = ({ environment: added = {}, through = [] }) => {
    const start: TestStack["start"] = (verb, ...args) => {
      const config = ["up", "preview", "destroy", "refresh"].includes(verb)
        ? ["--config-file", configFile]
        : [];
      return startPulumi(
        [...verb.split(" "), ...args, "--stack", "local", ...config, "--non-interactive"],
        { ...environment, ...added },
        through,
      );
    };
    const pulumi: TestStack["pulumi"] = (verb, ...args) => start(verb, ...args).ended;
    return {
      start,
      pulumi,
      up: async (...args) => {
        expectSuccess(await pulumi("up", "--yes", "--skip-preview", "--policy-pack", "policy", ...args));
        const outputs = parseOutputs(expectSuccess(await pulumi("stack output", "--json")).stdout);
        if (outputs === undefined) throw new Error("the stack's outputs hold no verdict");
        return outputs;
      },
    };
  };

  const expectSuccess = (finished: Finished): Finished => {
    if (finished.code === 0) return finished;
    throw new Error(`exit status ${finished.code ?? "none"}\n${finished.stdout}\n${finished.stderr}`);
  };

  const asUsual = within(options.surroundings ?? {});
  configure({});
  // By the passphrase of the project's own file of that stack; the given one is for the file in the folder.
  expectSuccess(await within({ ...options.surroundings, environment: {} }).pulumi("stack init"));
  return {
    ...asUsual,
    configure,
    within,
    folder,
    remove: async () => {
      expectSuccess(await asUsual.pulumi("destroy", "--yes", "--skip-preview"));
      rmSync(folder, { recursive: true });
    },
  };
}
