import { existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runCommand } from "../../setup/run";

/** A file of the machine and its path in the image. */
export interface ImageFile {
  readonly source: string;
  readonly target: string;
  readonly mode: number;
}

/** The FUSE programs of the image, and the Debian package that each comes from. */
const PROGRAMS: readonly { readonly name: string; readonly package: string; readonly mode?: number }[] = [
  { name: "rclone", package: "rclone" },
  { name: "squashfuse", package: "squashfuse" },
  { name: "mksquashfs", package: "squashfs-tools" },
  { name: "unsquashfs", package: "squashfs-tools" },
  { name: "bindfs", package: "bindfs" },
  { name: "fusermount3", package: "fuse3", mode: 0o4755 },
];
const BUSYBOX = { name: "busybox", package: "busybox-static" };
const CATATONIT = { name: "catatonit", package: "catatonit" };

const SEARCH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Parses the full paths of the shared libraries in what ldd(1) prints, the loader included. */
export function parseLdd(text: string): string[] {
  return text.split("\n").flatMap((line) => /^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line)?.[1] ?? []);
}

/** Returns the busybox of the image, which is every small program, and the shell. */
export function busyboxFile(): ImageFile {
  return { source: find(BUSYBOX), target: "/bin/busybox", mode: 0o755 };
}

/** Returns the pause process of the pods. */
export function pauseFile(): ImageFile {
  return { source: find(CATATONIT), target: "/usr/bin/catatonit", mode: 0o755 };
}

/**
 * Returns every file of the machine that the image is made of: the programs and the libraries that they load.
 * @throws Error that names the package to install
 */
export async function toolFiles(): Promise<ImageFile[]> {
  const programs = PROGRAMS.map((program) => ({
    source: find(program),
    target: `/usr/bin/${program.name}`,
    mode: program.mode ?? 0o755,
  }));
  const libraries = new Set<string>();
  for (const list of await Promise.all(programs.map(({ source }) => librariesOf(source)))) {
    for (const library of list) libraries.add(library);
  }
  for (const library of [...libraries]) {
    // squashfs-tools end their threads with pthread_exit, for which glibc loads this one by name.
    const unwinder = library.replace(/libpthread\.so\.0$|libc\.so\.6$/, "libgcc_s.so.1");
    if (existsSync(unwinder)) libraries.add(unwinder);
  }
  const loaded = [...libraries].map((library) => ({
    source: realpathSync(library),
    target: library,
    mode: 0o755,
  }));
  return [...programs, ...loaded, busyboxFile(), pauseFile()].sort((a, b) => (a.target < b.target ? -1 : 1));
}

/** Returns what distinguishes one set of files from another without reading them: packages set times and sizes. */
export function fingerprint(files: readonly ImageFile[]): string {
  return files
    .map(({ source, target, mode }) => {
      const { size, mtimeMs } = statSync(source);
      return [target, mode.toString(8), size, mtimeMs].join(" ");
    })
    .join("\n");
}

async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await runCommand({ argv: ["ldd", program] });
  return parseLdd(stdout);
}

function find(program: { readonly name: string; readonly package: string }): string {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...SEARCH];
  const found = folders.map((folder) => join(folder, program.name)).find((file) => existsSync(file));
  if (found !== undefined) return realpathSync(found);
  throw new Error(`${program.name} is not installed. Install it: apt-get install ${program.package}`);
}
