import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "./build";
import { InterruptedError, runLong, withWords } from "./run";

const APT_TIMEOUT = 10 * 60_000;

/** A Debian package, and files that show that its content is installed, from whatever source. */
export interface SystemPackage {
  readonly name: string;
  /** Programs; each must be in one of the folders for programs. */
  readonly programs?: readonly string[];
  /** Other files; for each, one of the alternatives must exist. */
  readonly files?: readonly (readonly string[])[];
  /** Units that the package would start, on the spot and at every boot. */
  readonly units?: readonly string[];
}

/** System packages that the embedded cluster and the tests need. */
export const SYSTEM_PACKAGES: readonly SystemPackage[] = [
  {
    name: "containerd",
    programs: ["containerd", "containerd-shim-runc-v2", "ctr"],
    units: ["containerd.service"],
  },
  { name: "runc", programs: ["runc"] },
  {
    name: "containernetworking-plugins",
    files: ["ptp", "host-local", "loopback"].map((name) => [`/usr/lib/cni/${name}`, `/opt/cni/bin/${name}`]),
  },
  { name: "etcd-server", programs: ["etcd"], units: ["etcd.service"] },
  { name: "fuse3", programs: ["fusermount3"] },
  { name: "iproute2", programs: ["ip"] },
  { name: "util-linux", programs: ["unshare", "nsenter"] },
  { name: "mount", programs: ["mount", "umount"] },
  { name: "rclone", programs: ["rclone"] },
  { name: "squashfuse", programs: ["squashfuse"] },
  { name: "squashfs-tools", programs: ["mksquashfs"] },
  { name: "bindfs", programs: ["bindfs"] },
  { name: "busybox-static", programs: ["busybox"] },
  { name: "catatonit", files: [["/usr/bin/catatonit", "/usr/libexec/catatonit/catatonit"]] },
  { name: "shellcheck", programs: ["shellcheck"] },
];

/** Folders of programs. The PATH of a user who is root by sudo often lacks those of sbin. */
const PROGRAM_FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

function isPresent(wanted: SystemPackage, exists: (file: string) => boolean): boolean {
  const programs = (wanted.programs ?? []).map((name) => PROGRAM_FOLDERS.map((folder) => join(folder, name)));
  return [...programs, ...(wanted.files ?? [])].every((alternatives) => alternatives.some(exists));
}

/** Returns the packages of which something is missing. */
export function missingPackages(exists: (file: string) => boolean = existsSync): readonly SystemPackage[] {
  return SYSTEM_PACKAGES.filter((wanted) => !isPresent(wanted, exists));
}

/** Returns true if apt can install packages by Debian's names: Debian and what is made from it. */
export function isDebianLike(osRelease: string): boolean {
  const ids = osRelease.split("\n").flatMap((line) => {
    const match = /^(?:ID|ID_LIKE)=["']?([^"']*)["']?$/.exec(line.trim());
    return match?.[1]?.split(/\s+/) ?? [];
  });
  return ids.includes("debian") || ids.includes("ubuntu");
}

/** Returns the content of os-release(5); empty if there is none. */
export function readOsRelease(): string {
  try {
    return readFileSync("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}

/**
 * Returns the environment in which a package's scripts start no service: systemctl(1) ignores what would change a running
 * system if SYSTEMD_OFFLINE is set, and invoke-rc.d(8) starts nothing in the runlevel for single users.
 */
function quietEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DEBIAN_FRONTEND: "noninteractive",
    LC_ALL: "C",
    SYSTEMD_OFFLINE: "1",
    RUNLEVEL: "1",
  };
}

/**
 * Installs packages with apt, without starting a service or removing a package.
 * @throws Error that quotes the last lines of apt.
 */
export async function installPackages(options: {
  readonly packages: readonly SystemPackage[];
  readonly log: Log;
}): Promise<void> {
  const { packages, log } = options;
  const names = packages.map(({ name }) => name);
  const last: string[] = [];
  const onLine = (line: string): void => {
    last.push(line);
    if (last.length > 5) last.shift();
  };
  const apt = (...args: string[]): Promise<void> =>
    runLong({ command: "apt-get", args, env: quietEnvironment(), onLine, timeoutMilliseconds: APT_TIMEOUT });
  log(`system: installing ${names.join(", ")} with apt`);
  try {
    // Old lists may still suffice; if not, the installation fails.
    await apt("update", "-q").catch((error: unknown) => {
      if (error instanceof InterruptedError) throw error;
    });
    await apt(
      "install",
      "-q",
      "-y",
      "--no-install-recommends",
      "--no-remove",
      "--no-upgrade",
      "-o",
      "DPkg::Lock::Timeout=60",
      ...names,
    );
  } catch (error) {
    throw withWords(error, (message) => `system: ${message}: ${last.join(" | ")}`);
  }
  await disableUnits(packages.flatMap(({ units }) => units ?? []));
}

/** Keeps services, which came with the packages just installed, from starting at the next boot. */
async function disableUnits(units: readonly string[]): Promise<void> {
  if (units.length === 0 || !existsSync("/usr/bin/systemctl")) return;
  await runLong({
    command: "systemctl",
    args: ["disable", ...units],
    env: quietEnvironment(),
    onLine: () => undefined,
    timeoutMilliseconds: 30_000,
  });
}
