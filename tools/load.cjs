// Runs TypeScript of this project from its bundle: one file per entry, below dist/, which is made again when any of its
// inputs has changed. Plain Node.js, because it decides what is loaded; types are checked by `tsc`.
//
// `require("./load.cjs").load(ENTRY)`, or `node tools/load.cjs ENTRY ARGS`; an entry is a path in the project.
require("./broken-pipe.cjs");

// Deprecations of Node.js are for contributors: the Kubernetes client's dependencies use `punycode`, of which
// Node.js 22 and later warn each user in two lines.
process.noDeprecation = true;

const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { readFileSync, readdirSync } = require("node:fs");
const { join, posix } = require("node:path");
const { InterruptedError, runChild } = require("./child.cjs");

const PROJECT = join(__dirname, "..");

/** Limit for making bundles, in milliseconds. */
const BUILD_TIMEOUT = 120_000;

/** Begins the last line of a bundle: a file that was cut off has none, and is made again. */
const MANIFEST = "\n// inputs: ";

/** Entries that Pulumi and this project's own commands start. */
const ENTRIES = [
  "index.ts",
  "policy/index.ts",
  "policy/organization/index.ts",
  "commands/verdict.ts",
  "commands/cleanup.ts",
  "tools/pulumi/main.ts",
];

/**
 * Returns the path of an entry's bundle.
 * @param {string} entry
 */
function bundleOf(entry) {
  const { dir, name } = posix.parse(posix.normalize(entry));
  return join(PROJECT, "dist", `${[...dir.split("/"), name].filter((part) => part !== "").join("-")}.cjs`);
}

/**
 * Returns the hash of an input's content. A folder, which ends with a slash, has the names of its modules as content: a
 * new module can be what an import means from then on.
 * @param {string | Buffer} content
 */
function hashOf(content) {
  return createHash("sha256").update(content).digest("base64url");
}

/**
 * Reads an input of a bundle; undefined if it does not exist.
 * @param {string} input
 */
function readInput(input) {
  try {
    if (!input.endsWith("/")) return readFileSync(join(PROJECT, input));
    const names = readdirSync(join(PROJECT, input)).filter((name) => /\.[cm]?[jt]s$/.test(name));
    return names.sort().join("/");
  } catch {
    return undefined;
  }
}

/**
 * Returns the hash of every input as a bundle records it; undefined if the bundle is not there or not whole.
 * @param {string} bundle
 * @returns {Record<string, string> | undefined}
 */
function readManifest(bundle) {
  try {
    const content = readFileSync(bundle);
    const at = content.lastIndexOf(MANIFEST);
    return at === -1 ? undefined : JSON.parse(content.toString("utf8", at + MANIFEST.length));
  } catch {
    return undefined;
  }
}

/**
 * Returns true if an entry's bundle was made from exactly the inputs that are there now.
 * @param {string} entry
 */
function isFresh(entry) {
  const manifest = readManifest(bundleOf(entry));
  return (
    manifest !== undefined &&
    Object.entries(manifest).every(([input, hash]) => hashOf(readInput(input) ?? "") === hash)
  );
}

/** @param {readonly string[]} stale */
const bundler = (stale) => [join(__dirname, "bundle.cjs"), ...stale];

/**
 * Returns an error without a stack trace: the program has not begun.
 * @param {readonly string[]} stale
 * @param {string} why
 */
function unbundled(stale, why) {
  const problem = new Error(why.trim() || `${stale.join(", ")} cannot be bundled`);
  problem.stack = problem.message;
  return problem;
}

/**
 * Makes the bundles of entries that have none or an old one. Safe when several processes do it at once.
 * @param {readonly string[]} entries
 * @throws Error in one line per problem if a bundle cannot be made.
 */
function ensureBundles(entries) {
  const stale = entries.filter((entry) => !isFresh(entry));
  if (stale.length === 0) return;
  const { status, stderr, error } = spawnSync(process.execPath, bundler(stale), {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    timeout: BUILD_TIMEOUT,
  });
  if (status !== 0) throw unbundled(stale, stderr || String(error ?? ""));
}

/**
 * Makes bundles as `ensureBundles` does, while an interrupt is noticed at once.
 * @param {readonly string[]} entries
 * @throws Error as there, and InterruptedError after an interrupt.
 */
async function makeBundles(entries) {
  const stale = entries.filter((entry) => !isFresh(entry));
  if (stale.length === 0) return;
  const { status, stderr } = await runChild(process.execPath, bundler(stale), {
    stdio: ["ignore", "ignore", "pipe"],
    timeoutMilliseconds: BUILD_TIMEOUT,
  });
  if (status !== 0) throw unbundled(stale, stderr);
}

/**
 * Loads an entry from its bundle, in this process.
 * @param {string} entry
 * @returns {unknown} what the entry exports.
 * @throws Error if the bundle cannot be made.
 */
function load(entry) {
  ensureBundles([entry]);
  return require(bundleOf(entry));
}

/**
 * Runs an entry as the main program of this process. If the bundle cannot be made, prints why and fails.
 * @param {string} entry
 * @param {readonly string[]} args
 */
async function start(entry, args) {
  process.argv = [process.execPath, join(PROJECT, entry), ...args];
  try {
    await makeBundles([entry]);
  } catch (error) {
    const interrupted = error instanceof InterruptedError;
    const words = /** @type {Error} */ (error).message;
    process.stderr.write(`${interrupted ? `${words}. Run the command again` : words}\n`);
    process.exitCode = interrupted ? error.status : 1;
    return;
  }
  require(bundleOf(entry));
}

module.exports = {
  ENTRIES,
  MANIFEST,
  PROJECT,
  bundleOf,
  ensureBundles,
  hashOf,
  load,
  makeBundles,
  readInput,
  start,
};

if (require.main === module) void start(process.argv[2] ?? "", process.argv.slice(3));
