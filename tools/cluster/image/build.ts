import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { cacheHome } from "../../setup/paths";
import { mustRun } from "../../setup/run";
import { makeFolder } from "../files";
import { busyboxFile, fingerprint, pauseFile, toolFiles, type ImageFile } from "./contents";
import { PAUSE_IMAGE } from "./names";
import { writeImage } from "./oci";

/** The images of the embedded cluster, as archives that a container runtime can import. */
export interface Images {
  readonly tools: { readonly archive: string; readonly digest: string };
  readonly pause: { readonly archive: string };
}

/** Raised when the way of building changes, so that what was built in another way is not used. */
const FORMAT = 1;
const COMMANDS = { tools: ["/bin/sh"], pause: ["/usr/bin/catatonit", "-P"] };

const PASSWD = `root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/bin/false
`;
const GROUP = `root:x:0:
nogroup:x:65534:
`;

/**
 * Builds the images from the programs that are installed on this machine, unless the cache has the same ones
 * already.
 * @throws Error that names the package to install
 */
export async function buildImages(log: (line: string) => void): Promise<Images> {
  const files = await toolFiles();
  const key = createHash("sha256")
    .update(`${FORMAT}\n${fingerprint(files)}`)
    .digest("hex")
    .slice(0, 16);
  const home = join(cacheHome(), "images");
  const kept = join(home, key);
  if (!existsSync(join(kept, "digest.json"))) {
    log("making the image");
    mkdirSync(home, { recursive: true });
    const fresh = mkdtempSync(join(home, ".new-"));
    try {
      await buildInto(fresh, files);
      replace(fresh, kept);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  const digest = z.string().parse(JSON.parse(readFileSync(join(kept, "digest.json"), "utf8")));
  return { tools: { archive: join(kept, "tools.tar"), digest }, pause: { archive: join(kept, "pause.tar") } };
}

/** Puts a result in place, unless another program has made the same meanwhile. */
function replace(fresh: string, kept: string): void {
  try {
    renameSync(fresh, kept);
  } catch (error) {
    if (!existsSync(join(kept, "digest.json"))) throw error;
  }
}

async function buildInto(folder: string, files: readonly ImageFile[]): Promise<void> {
  const work = (name: string) => {
    const path = join(folder, "work", name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const toolsRoot = work("tools-root");
  layOut(toolsRoot, files);
  await layOutExtras(toolsRoot);
  const digest = await writeImage({
    root: toolsRoot,
    work: work("tools"),
    archive: join(folder, "tools.tar"),
    command: COMMANDS.tools,
  });
  const pauseRoot = work("pause-root");
  layOut(pauseRoot, [pauseFile()]);
  await writeImage({
    root: pauseRoot,
    work: work("pause"),
    archive: join(folder, "pause.tar"),
    reference: PAUSE_IMAGE,
    command: COMMANDS.pause,
  });
  rmSync(join(folder, "work"), { recursive: true });
  writeFileSync(join(folder, "digest.json"), JSON.stringify(digest));
}

function layOut(root: string, files: readonly ImageFile[]): void {
  makeFolder(root, 0o755);
  for (const { source, target, mode } of files) {
    makeParents(root, target);
    copyFileSync(source, join(root, target));
    chmodSync(join(root, target), mode);
  }
}

function makeParents(root: string, target: string): void {
  const parent = dirname(target);
  if (parent === "/") return;
  makeParents(root, parent);
  makeFolder(join(root, parent), 0o755);
}

async function layOutExtras(root: string): Promise<void> {
  for (const folder of ["/dev", "/etc", "/mnt", "/proc", "/run", "/sys", "/var"])
    makeFolder(join(root, folder), 0o755);
  makeFolder(join(root, "root"), 0o700);
  makeFolder(join(root, "tmp"), 0o1777);
  const texts = { "etc/passwd": PASSWD, "etc/group": GROUP, "etc/fuse.conf": "user_allow_other\n" };
  for (const [file, text] of Object.entries(texts)) {
    writeFileSync(join(root, file), text);
    chmodSync(join(root, file), 0o644);
  }
  symlinkSync("fusermount3", join(root, "usr/bin/fusermount"));
  const applets = await mustRun({ argv: [busyboxFile().source, "--list"] });
  for (const applet of applets.trim().split("\n")) {
    if (applet !== "busybox") symlinkSync("busybox", join(root, "bin", applet));
  }
}
