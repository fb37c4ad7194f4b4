// `node tools/bundle.cjs ENTRY...`: makes bundles, for load.cjs.
const { mkdirSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { readFile } = require("node:fs/promises");
const { dirname, posix, relative, sep } = require("node:path");
const { build } = require("esbuild");
const { describeDiskError } = require("./create-folder.cjs");
const { MANIFEST, PROJECT, bundleOf, hashOf, readInput } = require("./load.cjs");

/** Packages outside of every bundle: those that must be loaded once per process, find their own files, or are seldom used. */
const EXTERNAL = [
  "@pulumi/*",
  "@grpc/grpc-js",
  "google-protobuf",
  "google-protobuf/*",
  "echarts",
  "esbuild",
  "prettier",
];

/** Inputs of every bundle besides its modules: the packages, and the programs that make bundles. */
const COMMON = [
  "node_modules/.package-lock.json",
  "package.json",
  "tsconfig.json",
  "tools/bundle.cjs",
  "tools/load.cjs",
];

/** @param {string} file */
const pathInProject = (file) => relative(PROJECT, file).split(sep).join(posix.sep);

/**
 * Reads the project's modules, and notes the hash of exactly the text that goes into the bundle. `__dirname` keeps its
 * meaning, the folder of the module: files beside it are found.
 * @param {Record<string, string>} inputs
 * @returns {import("esbuild").Plugin}
 */
function noteInputs(inputs) {
  return {
    name: "note-inputs",
    setup({ onLoad }) {
      onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
        const input = pathInProject(path);
        if (input.startsWith("..") || /(^|\/)node_modules\//.test(input)) return undefined;
        const text = await readFile(path, "utf8");
        inputs[input] = hashOf(text);
        const folder = JSON.stringify(dirname(input));
        const prefix = /\b__dirname\b/.test(text) ? `const __dirname = inProject(${folder}); ` : "";
        return { contents: `${prefix}${text}`, loader: /\.[cm]?ts$/.test(path) ? "ts" : "js" };
      });
    },
  };
}

/**
 * Adds what a bundle depends on besides the text of its modules.
 * @param {Record<string, string>} inputs
 */
function withSurroundings(inputs) {
  /** @type {Set<string>} */
  const folders = new Set();
  for (const input of Object.keys(inputs)) {
    for (let folder = posix.dirname(input); folder !== "."; folder = posix.dirname(folder))
      folders.add(folder);
  }
  const others = ["./", ...[...folders].sort().map((folder) => `${folder}/`), ...COMMON];
  return { ...inputs, ...Object.fromEntries(others.map((input) => [input, hashOf(readInput(input) ?? "")])) };
}

/**
 * Replaces a file at once: a reader gets either the old content or the new one.
 * @param {string} file
 * @param {string} text
 */
function replaceFile(file, text) {
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/**
 * Makes the bundle of an entry, with its source map.
 * @param {string} entry
 */
async function bundle(entry) {
  const outfile = bundleOf(entry);
  /** @type {Record<string, string>} */
  const inputs = {};
  const { outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: [`./${entry}`],
    outfile,
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: EXTERNAL,
    // Names of classes stay: the Kubernetes client finds its models by them.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    sourcemap: "linked",
    sourcesContent: false,
    // Computed at once: the name __dirname becomes that of a module which is written into the bundle's own scope.
    banner: { js: 'const inProject = require("node:path").join.bind(null, __dirname, "..");' },
    logLevel: "silent",
    // A package that reads its own files would not find them.
    logOverride: { "empty-import-meta": "error" },
    plugins: [noteInputs(inputs)],
  });
  const manifest = `${MANIFEST}${JSON.stringify(withSurroundings(inputs))}\n`;
  for (const { path, text } of outputFiles) replaceFile(path, path === outfile ? `${text}${manifest}` : text);
}

/**
 * Describes why a bundle could not be made, one line per problem.
 * @param {unknown} error
 */
function describe(error) {
  const { errors: problems = [], message } = /** @type {Partial<import("esbuild").BuildFailure> & Error} */ (
    error
  );
  if (problems.length === 0) return describeDiskError(error) ?? message;
  return problems
    .map(({ location, text }) => `${location ? `${location.file}:${location.line}: ` : ""}${text}`)
    .join("\n");
}

Promise.all(process.argv.slice(2).map(bundle)).catch((/** @type {unknown} */ error) => {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = 1;
});
