// `node tools/bootstrap.cjs SCRIPT.ts ARGS`: installs the locked npm packages if they are not there, then runs the script.
// Plain Node.js without dependencies, so that it works in a fresh clone.
const { join } = require("node:path");
const { InterruptedError, onInterrupt } = require("./child.cjs");
const { describeDiskError } = require("./create-folder.cjs");
const { PROJECT, start } = require("./load.cjs");
const { lock } = require("./lock.cjs");
const { INSTALL_TIMEOUT, installPackages, isInstalled } = require("./packages.cjs");

/** The oldest version of Node.js that this project supports. */
const MAJOR = 20;
const MINOR = 19;

/** @param {string} line */
function print(line) {
  process.stderr.write(`bootstrap: ${line}\n`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > MAJOR || (major === MAJOR && minor >= MINOR)) return;
  throw new Error(`Node.js ${process.versions.node} is too old: install ${MAJOR}.${MINOR} or newer`);
}

async function install() {
  if (isInstalled(PROJECT)) return;
  print("installing the npm packages that package-lock.json names");
  const release = await lock({
    file: join(PROJECT, "dist", "install.lock"),
    waiting: () => {
      print("another process is installing the npm packages; waiting");
    },
    timeoutMilliseconds: INSTALL_TIMEOUT,
  });
  if (!isInstalled(PROJECT)) await installPackages(PROJECT);
  release();
}

/**
 * Prints why nothing was run.
 * @param {unknown} error
 */
function fail(error) {
  const interrupted = error instanceof InterruptedError;
  const words = describeDiskError(error) ?? (error instanceof Error ? error.message : String(error));
  print(interrupted ? `${words}. Run the command again: it installs the packages first` : words);
  process.exitCode = interrupted ? error.status : 1;
}

/** Installs what is missing. An interrupt while no program runs, such as during the wait for another process, exits. */
async function installInterruptibly() {
  const release = onInterrupt((signal) => {
    if (process.listenerCount(signal) > 1) return;
    fail(new InterruptedError(signal));
    process.exit();
  });
  try {
    await install();
  } finally {
    release();
  }
}

/** @param {readonly string[]} args */
async function main([script, ...args]) {
  checkNode();
  if (script === undefined)
    throw new Error("no script is given. Usage: node tools/bootstrap.cjs SCRIPT.ts ARGS");
  await installInterruptibly();
  await start(script, args);
}

main(process.argv.slice(2)).catch(fail);
