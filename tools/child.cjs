// Runs a program that stops when this process is interrupted. Plain Node.js, because it runs before anything is
// installed.
const { spawn } = require("node:child_process");
const { constants } = require("node:os");

/** Signals by which a person, a closed terminal or a supervisor asks a program to exit. */
const INTERRUPT_SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/** Time in which a program has to exit after an interrupt, in milliseconds. */
const GRACE = 15_000;

/**
 * Returns the exit status that shells report for a program that a signal has terminated.
 * @param {NodeJS.Signals} signal
 */
function statusOfSignal(signal) {
  return 128 + constants.signals[signal];
}

/** The work of this process was interrupted by a signal. */
class InterruptedError extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`interrupted (${signal})`);
    this.signal = signal;
    this.status = statusOfSignal(signal);
  }
}

/**
 * Calls a function at each interrupt of this process, which then does not exit by itself.
 * @param {(signal: NodeJS.Signals) => void} notify
 * @returns {() => void} the function that stops observing.
 */
function onInterrupt(notify) {
  for (const signal of INTERRUPT_SIGNALS) process.on(signal, notify);
  return () => {
    for (const signal of INTERRUPT_SIGNALS) process.off(signal, notify);
  };
}

/**
 * Signals a whole process group; nothing happens if all of it has exited.
 * @param {number | undefined} group
 * @param {NodeJS.Signals} signal
 */
function signalGroup(group, signal) {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}

/**
 * Runs a program with everything that it starts in a process group of its own: an interrupt at the terminal reaches it
 * once, through this process. At the first interrupt the group gets the same signal; at the second, or when it has not
 * exited in time, it is killed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions & { readonly timeoutMilliseconds?: number }} options
 * @returns {Promise<{ readonly status: number, readonly stdout: string, readonly stderr: string }>} what a piped stream
 * got, and the exit status; 128 and the signal's number if it was killed, as in a shell.
 * @throws InterruptedError once the program has exited, and Error in one line if it cannot be started or is late.
 */
function runChild(command, args, { timeoutMilliseconds, ...options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, detached: true });
    const output = { stdout: "", stderr: "" };
    for (const name of /** @type {const} */ (["stdout", "stderr"])) {
      child[name]?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
        output[name] += text;
      });
    }
    /** @type {Error | undefined} */
    let failure;
    /** @type {NodeJS.Timeout | undefined} */
    let grace;
    const kill = () => {
      signalGroup(child.pid, "SIGKILL");
    };
    const deadline =
      timeoutMilliseconds === undefined
        ? undefined
        : setTimeout(() => {
            failure ??= new Error(
              `${command} did not exit within ${timeoutMilliseconds / 1000} s and was killed`,
            );
            kill();
          }, timeoutMilliseconds);
    const release = onInterrupt((signal) => {
      if (failure instanceof InterruptedError) {
        kill();
        return;
      }
      failure = new InterruptedError(signal);
      signalGroup(child.pid, signal);
      grace = setTimeout(kill, GRACE);
    });
    const end = () => {
      clearTimeout(deadline);
      clearTimeout(grace);
      release();
    };
    child.on("error", (/** @type {NodeJS.ErrnoException} */ { code, message }) => {
      end();
      reject(
        new Error(`${command} cannot be started: ${code === "ENOENT" ? "it is not installed" : message}`),
      );
    });
    child.on("close", (code, signal) => {
      end();
      // Children that the program has started and not stopped.
      if (failure !== undefined) kill();
      if (failure !== undefined) reject(failure);
      else resolve({ status: code ?? statusOfSignal(signal ?? "SIGKILL"), ...output });
    });
  });
}

module.exports = { INTERRUPT_SIGNALS, InterruptedError, onInterrupt, runChild, statusOfSignal };
