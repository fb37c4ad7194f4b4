// Runs a program in place of this process, as exec(2) would, which Node.js 20 does not have.
const { spawn } = require("node:child_process");
const { readFileSync } = require("node:fs");
const { constants } = require("node:os");

/**
 * True if a Ctrl-C in the terminal reaches the child without our help: it goes to the whole foreground group.
 * Passing it on as well would deliver it twice, and a second interrupt makes the engine abandon its update.
 */
function inForeground() {
  try {
    const fields = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[2] === fields[5];
  } catch {
    return process.stdin.isTTY === true;
  }
}

/**
 * Starts a program with this process's stdio, passes signals on, and ends as it ends.
 * @param options.ended is told how that was, before, and by which signal this process was `told` to end, if by any. A
 * number that it returns is the status to end with.
 */
function replaceBy({ command, args, env, notStarted, ended = () => undefined }) {
  const child = spawn(command, args, { stdio: "inherit", env });
  let told = null;
  const pass = (signal) => {
    told = signal;
    if (signal !== "SIGINT" || !inForeground()) child.kill(signal);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, pass);
  child.on("error", (error) => {
    ended({ status: 1, signal: null, told });
    process.stderr.write(`${notStarted(error)}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (status, signal) => {
    const instead = ended({ status, signal, told });
    if (signal === null) return process.exit(instead ?? status ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // Only reached for a signal that does not end a Node.js process by default.
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 100);
  });
}

module.exports = { replaceBy };
