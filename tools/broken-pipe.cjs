// Ignores a reader that is gone, as in `npm run cluster -- status | head`: the command finishes its work, prints nothing
// more, and exits with the status that it would have. Loaded first by whatever prints.
const { writeSync } = require("node:fs");

let failed = false;

/**
 * Makes this process fail when it exits: its output is lost, as on a full disk.
 * @param {string} name
 * @param {string} code
 */
function fail(name, code) {
  if (failed) return;
  failed = true;
  process.on("exit", (status) => {
    process.exitCode = status === 0 ? 1 : status;
  });
  try {
    writeSync(2, `${name} cannot be written (${code}). Free some space, or redirect it elsewhere\n`);
  } catch {
    // Nothing can be reported.
  }
}

for (const [name, stream] of /** @type {const} */ ([
  ["standard output", process.stdout],
  ["standard error", process.stderr],
])) {
  stream.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code !== "EPIPE") fail(name, error.code ?? error.message);
  });
}
