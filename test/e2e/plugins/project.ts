import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { buildPlugins } from "../../../tools/plugins/build";
import { pulumiBinary } from "../../../tools/setup/pulumi";

const repository = join(__dirname, "..", "..", "..");

/** How a command ended, with what it printed to either stream. */
interface Finished {
  readonly code: number | null;
  readonly printed: string;
}

/** A Pulumi project of its own in a temporary folder, run by the real engine with this project's plugins alone. */
export interface Project {
  readonly folder: string;
  /** Replaces the program. */
  readonly write: (program: string) => void;
  /** Runs `pulumi ARGS`; resolves however it ends. */
  readonly pulumi: (...args: readonly string[]) => Promise<Finished>;
  /** Runs `pulumi ARGS`, and throws what was printed unless it succeeds. */
  readonly succeed: (...args: readonly string[]) => Promise<string>;
  /** The stack's outputs. */
  readonly outputs: () => Promise<Record<string, unknown>>;
  readonly remove: () => void;
}

const RUNTIME =
  "runtime: { name: nodejs, options: { typescript: false, nodeargs: --require ts-node/register } }\nmain: index.ts\n";

/** Not strict: the SDK checks the types of a policy pack, which are not what is tested. */
const TSCONFIG = JSON.stringify({
  compilerOptions: { module: "commonjs", target: "es2022", esModuleInterop: true, skipLibCheck: true },
  "ts-node": { transpileOnly: true },
});

/** Writes what every Node program for Pulumi needs. */
export function writeProgram(
  folder: string,
  { file, yaml, program }: { file: string; yaml: string; program: string },
): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), `${yaml}${RUNTIME}`);
  writeFileSync(join(folder, "package.json"), '{ "name": "tiny", "version": "0.0.1", "main": "index.ts" }\n');
  writeFileSync(join(folder, "tsconfig.json"), TSCONFIG);
  writeFileSync(join(folder, "index.ts"), program);
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
}

/** Makes a project with the stack `dev`. */
export async function project(): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "fuse-test-plugins-"));
  const bin = join(folder, "bin");
  mkdirSync(join(folder, "state"));
  await buildPlugins(bin);
  writeProgram(join(folder, "program"), { file: "Pulumi.yaml", yaml: "name: tiny\n", program: "" });
  const environment = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const pulumi: Project["pulumi"] = async (...args) => {
    const child = spawn(pulumiBinary(), [...args, "--non-interactive", "--color", "never"], {
      cwd: join(folder, "program"),
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject).once("close", resolve);
    });
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, printed: stdout + stderr };
  };
  const succeed: Project["succeed"] = async (...args) => {
    const { code, printed } = await pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")}: exit status ${code ?? "none"}\n${printed}`);
    return printed;
  };
  await succeed("stack", "init", "dev");
  return {
    folder,
    pulumi,
    succeed,
    write: (program) => {
      writeFileSync(join(folder, "program", "index.ts"), program);
    },
    outputs: async () => {
      const printed = await succeed("stack", "output", "--json");
      return JSON.parse(printed.slice(printed.indexOf("{"), printed.lastIndexOf("}") + 1)) as Record<
        string,
        unknown
      >;
    },
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
