// Records how the last update that this launcher started ended. An update that is killed before its program runs leaves
// the outputs of the one before, and nothing in the state says so.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { stateHome } = require("./homes.cjs");
const { deadLocks } = require("./locks.cjs");
const { beganAt, isDead } = require("./processes.cjs");

/** The commands that are recorded. */
const UPDATES = new Set(["up", "update"]);

/** Options with which a command does nothing. */
const DOES_NOTHING = /^(?:--help|-h|--preview-only)(?:=true)?$/;

function recordFile(backend, env) {
  const key = createHash("sha256")
    .update(backend ?? "")
    .digest("hex")
    .slice(0, 16);
  return join(stateHome(env), "updates", `${key}.json`);
}

/** As well as it can be done: a command does not fail because this cannot be noted. */
function write(file, record) {
  const part = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(part, JSON.stringify(record), { mode: 0o600 });
    renameSync(part, file);
  } catch {
    rmSync(part, { force: true });
  }
}

/**
 * Records that an update begins, if the command is one.
 * @returns the function that records how it ended.
 */
function noteUpdate({ verb, args, stack, backend, env, now = new Date() }) {
  if (!UPDATES.has(verb) || args.some((arg) => DOES_NOTHING.test(arg))) return () => undefined;
  const file = recordFile(backend, env);
  const { pid } = process;
  const record = { began: now.toISOString(), pid, process: beganAt(pid), stack: stack ?? null };
  write(file, record);
  return (end) => write(file, { ...record, end });
}

function readRecord(backend, env) {
  try {
    return JSON.parse(readFileSync(recordFile(backend, env), "utf8"));
  } catch {
    return undefined;
  }
}

/** Two commands mean one stack, as far as they name it. */
function sameStack(one, other) {
  return one === undefined || one === null || other === undefined || other === null || one === other;
}

/** How the last recorded update failed to finish: when it began, and how it is; undefined if it succeeded. */
function unfinished({ backend, stack, env }) {
  const record = readRecord(backend, env);
  if (record === undefined || !sameStack(record.stack, stack)) return undefined;
  const { pid, end } = record;
  const began = Date.parse(record.began);
  if (end === undefined && !isDead(pid) && beganAt(pid) === record.process) return { began, how: "runs" };
  if (end === undefined || end.signal !== null) return { began, how: "was killed", pid };
  return end.status === 0 ? undefined : { began, how: `ended with status ${end.status}` };
}

/** The youngest update of a stack that did not come to a good end: when it began, and how it is; or undefined. */
function unfinishedUpdate({ stack, backend, env }) {
  const locked = deadLocks(backend)
    .filter((lock) => sameStack(lock.stack, stack))
    .map(({ began, pid }) => ({ began, how: "was killed", pid }));
  const noted = unfinished({ stack, backend, env });
  return [...(noted === undefined ? [] : [noted]), ...locked].sort((a, b) => b.began - a.began)[0];
}

module.exports = { noteUpdate, unfinishedUpdate };
