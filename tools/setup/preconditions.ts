import { spawnSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, resolve } from "node:path";
import type { BuildName } from "./modules";
import { cacheHome } from "./paths";
import { atLeast } from "./platform";
import { type SystemPackage, isDebianLike, missingPackages, readOsRelease } from "./apt";

/** Properties of the machine that setup depends on. */
export interface Facts {
  /** As Node.js names them: `linux`, `x64`. */
  readonly platform: string;
  readonly arch: string;
  readonly uid: number;
  readonly debianLike: boolean;
  readonly missing: readonly SystemPackage[];
  readonly fuseDevice: boolean;
  /** Go's version such as `go1.26.8`; undefined if there is no Go. */
  readonly goVersion: string | undefined;
  /** True if this Go fetches a newer one by itself (GOTOOLCHAIN). */
  readonly goFetches: boolean;
  /** Free space where the cache is, in bytes. */
  readonly freeBytes: number;
  readonly cache: string;
}

/** Tools to set up. */
export interface Wanted {
  /** True if the embedded cluster is: system packages, Kubernetes. */
  readonly cluster: boolean;
  /** Programs to build from modules. */
  readonly builds: readonly BuildName[];
}

/** The oldest Go that tools/setup/engine/go.mod and tools/setup/kubernetes/go.mod accept. */
const GO_MINIMUM = "1.26";
/** From this version on, Go can fetch a newer one. */
const GO_FETCHING = "1.21";

const MIB = 1024 * 1024;
/** Disk space of both builds at their peak, Go's caches included, with a margin: 8425 MiB were measured. */
const BUILD_BYTES = 10_240 * MIB;

function platformProblems({ platform, arch }: Facts, { cluster, builds }: Wanted): string[] {
  const known = arch === "x64" || arch === "arm64";
  if (platform === "linux" && known) return [];
  if (!cluster && platform === "darwin" && known) {
    return builds.length === 0
      ? []
      : [
          "the download of the engine failed, and on macOS it cannot be built. Install it: https://www.pulumi.com/docs/install/",
        ];
  }
  return [`Linux on x64 or arm64 is needed; this is ${platform} on ${arch}`];
}

function clusterProblems(facts: Facts): string[] {
  const problems: string[] = [];
  if (facts.uid !== 0) {
    problems.push(
      "the embedded cluster needs root: run this with sudo, or use a cluster of your own: npm start -- --stack homelab",
    );
  }
  if (!facts.fuseDevice) problems.push("/dev/fuse is missing: load the kernel's module with `modprobe fuse`");
  if (facts.missing.length > 0 && !facts.debianLike) {
    const names = facts.missing.map(({ name }) => name).join(", ");
    problems.push(
      `packages are installed automatically on Debian and Ubuntu alone; install these by hand: ${names}`,
    );
  }
  return problems;
}

function buildProblems(facts: Facts, builds: Wanted["builds"]): string[] {
  if (builds.length === 0) return [];
  const what = builds.join(" and ");
  const problems: string[] = [];
  const { goVersion, goFetches } = facts;
  const recent = goVersion !== undefined && atLeast(goVersion, goFetches ? GO_FETCHING : GO_MINIMUM);
  if (!recent) {
    problems.push(
      `Go ${GO_MINIMUM} or newer is needed to build ${what}; found ${goVersion ?? "none"}. Install it: https://go.dev/dl/`,
    );
  }
  if (facts.freeBytes < BUILD_BYTES) {
    const free = Math.floor(facts.freeBytes / MIB);
    problems.push(
      `${BUILD_BYTES / MIB} MiB of free disk are needed below ${facts.cache} to build ${what}; ${free} MiB are free`,
    );
  }
  return problems;
}

/** Returns everything that keeps setup from succeeding; nothing is changed before this is empty. */
export function findProblems(facts: Facts, wanted: Wanted): string[] {
  return [
    ...platformProblems(facts, wanted),
    ...(wanted.cluster && facts.platform === "linux" ? clusterProblems(facts) : []),
    ...(facts.platform === "linux" ? buildProblems(facts, wanted.builds) : []),
  ];
}

function goFacts(): Pick<Facts, "goVersion" | "goFetches"> {
  // Outside of any module, whose go.mod might make it fetch another Go at once.
  const { stdout, status } = spawnSync("go", ["env", "GOVERSION", "GOTOOLCHAIN"], {
    encoding: "utf8",
    cwd: tmpdir(),
    timeout: 10_000,
  });
  if (status !== 0) return { goVersion: undefined, goFetches: false };
  const [goVersion, goToolchain = ""] = stdout.trim().split("\n");
  return { goVersion, goFetches: goToolchain === "auto" || goToolchain.endsWith("+auto") };
}

function existingAncestor(folder: string): string {
  return existsSync(folder) ? folder : existingAncestor(dirname(folder));
}

/** Gathers the facts about this machine. */
export function gatherFacts(): Facts {
  const cache = resolve(cacheHome());
  const { bavail, bsize } = statfsSync(existingAncestor(cache));
  return {
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.() ?? -1,
    debianLike: isDebianLike(readOsRelease()),
    missing: missingPackages(),
    fuseDevice: existsSync("/dev/fuse"),
    ...goFacts(),
    freeBytes: bavail * bsize,
    cache,
  };
}

/**
 * Checks that the machine can set up what is wanted.
 * @returns the facts about the machine
 * @throws Error in one line that names every problem; nothing has been changed then
 */
export function requirePreconditions(wanted: Wanted): Facts {
  const facts = gatherFacts();
  const problems = findProblems(facts, wanted);
  if (problems.length === 0) return facts;
  const listed = problems.length === 1 ? problems : problems.map((problem, at) => `(${at + 1}) ${problem}`);
  throw new Error(`setup cannot begin: ${listed.join(" ")}`);
}
