import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

/** The programs that are built, and where each begins. */
const PLUGINS = {
  "pulumi-language-nodejs": "language/main.ts",
  "pulumi-resource-command": "command/main.ts",
} as const;

/** The second line of each program, by which it differs from the official plugins, which are binaries. */
const MARKER = "// fuse-test: stands in for Pulumi's own plugin";

async function buildPlugin(name: string, entry: string, folder: string): Promise<void> {
  const unfinished = join(folder, `.${name}.${process.pid}`);
  try {
    await build({
      entryPoints: [join(__dirname, entry)],
      outfile: unfinished,
      bundle: true,
      minify: true,
      legalComments: "none",
      platform: "node",
      target: "node20",
      format: "cjs",
      banner: { js: `#!/usr/bin/env node\n${MARKER}` },
      logLevel: "silent",
    });
    await chmod(unfinished, 0o755);
    await rename(unfinished, join(folder, name));
  } finally {
    await rm(unfinished, { force: true });
  }
}

/**
 * Builds the plugins into a folder, each as one executable file that needs nothing but Node.
 * A file is replaced at once or not at all.
 * @throws Error of esbuild when a source cannot be compiled.
 */
export async function buildPlugins(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(Object.entries(PLUGINS).map(([name, entry]) => buildPlugin(name, entry, folder)));
}
