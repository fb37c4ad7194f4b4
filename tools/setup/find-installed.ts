import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve, sep } from "node:path";
import { KUBERNETES_PROGRAMS } from "./modules";
import { KUBERNETES_VERSION, cacheHome } from "./paths";
import { atLeast, parseVersion } from "./platform";

const ANSWER_TIMEOUT = 10_000;

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Returns every program of this name on a PATH, best first. */
export function findPrograms(name: string, path: string = process.env.PATH ?? ""): string[] {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .filter(isProgram);
}

/** Returns true for programs that the user did not install: those that npm put on PATH, and those in our cache. */
function isOurs(program: string): boolean {
  const real = realpathSync(program);
  const cache = resolve(cacheHome()) + sep;
  const launcher = join(__dirname, "../pulumi") + sep;
  return (
    `${real}${program}`.includes(`${sep}node_modules${sep}`) ||
    real.startsWith(cache) ||
    real.startsWith(launcher)
  );
}

function ask(program: string, args: readonly string[]): string {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { stdout, status } = spawnSync(program, args, { env, encoding: "utf8", timeout: ANSWER_TIMEOUT });
  return status === 0 ? stdout.trim() : "";
}

/** Returns the version of `@pulumi/pulumi` here; an engine must not be older. */
function sdkVersion(): string {
  const manifest = readFileSync(join(__dirname, "../../node_modules/@pulumi/pulumi/package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** An engine that the user installed, or why none can be used. */
export type InstalledEngine =
  { readonly bin: string; readonly version: string } | { readonly reason: string };

/** Finds an installed Pulumi that is recent enough and has its Node.js language host. */
export function findInstalledEngine(minimum = sdkVersion()): InstalledEngine {
  const bin = findPrograms("pulumi").find((program) => !isOurs(program));
  if (bin === undefined) return { reason: "none is installed" };
  const version = ask(bin, ["version"]).replace(/^v/, "");
  if (!atLeast(version, minimum)) {
    return {
      reason: `${bin} is ${version === "" ? "of an unknown version" : version}, older than ${minimum}`,
    };
  }
  const host = "pulumi-language-nodejs";
  const beside = join(dirname(realpathSync(bin)), host);
  if (!isProgram(beside) && !findPrograms(host).some((program) => !isOurs(program))) {
    return { reason: `${bin} comes without ${host}` };
  }
  return { bin, version };
}

/** Paths of installed programs of Kubernetes by name, or why they cannot be used. */
export type InstalledKubernetes =
  { readonly programs: Readonly<Record<string, string>> } | { readonly reason: string };

/** Finds the programs of Kubernetes on PATH, all of them and of the same minor version as the pinned one. */
export function findInstalledKubernetes(): InstalledKubernetes {
  const programs: Record<string, string> = {};
  const wanted = parseVersion(KUBERNETES_VERSION);
  for (const name of KUBERNETES_PROGRAMS) {
    const program = findPrograms(name).find((candidate) => !isOurs(candidate));
    if (program === undefined) return { reason: `${name} is not installed` };
    const answer = ask(program, name === "kubectl" ? ["version", "--client"] : ["--version"]);
    const found = parseVersion(answer);
    if (found?.[0] !== wanted?.[0] || found?.[1] !== wanted?.[1]) {
      return { reason: `${program} is not of version ${wanted?.slice(0, 2).join(".") ?? ""}` };
    }
    programs[name] = program;
  }
  return { programs };
}
