// What became of the last update, and of the last destroy, that this launcher started. An update that is killed before its
// program runs leaves the outputs of the one before; a destroy that is killed leaves in the state what is gone, or goes
// soon after. Nothing in the state says so.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { stateHome } = require("./homes.cjs");
const { deadLocks } = require("./locks.cjs");
const { beganAt, isDead } = require("./processes.cjs");

/** Where commands are noted, by what they do. */
const FOLDERS = new Map([
  ["up", "updates"],
  ["update", "updates"],
  ["destroy", "destroys"],
]);

/** True for a command that is noted as an update. */
function isUpdate(verb) {
  return FOLDERS.get(verb) === "updates";
}

/** Options with which a command does nothing. */
const DOES_NOTHING = /^(?:--help|-h|--preview-only)(?:=true)?$/;

/** Options with which a command does a part of what it does without. */
const DOES_A_PART =
  /^(?:--target|-t|--target-dependents|--exclude|--exclude-dependents|--exclude-protected)(?:=|$)/;

function recordFile(folder, backend, env) {
  const key = createHash("sha256")
    .update(backend ?? "")
    .digest("hex")
    .slice(0, 16);
  return join(stateHome(env), folder, `${key}.json`);
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
 * Notes that an update or a destroy begins, where the command is one.
 * @returns the function that notes how it ended.
 */
function noteCommand({ verb, args, stack, backend, env, now = new Date() }) {
  const folder = FOLDERS.get(verb);
  if (folder === undefined || args.some((arg) => DOES_NOTHING.test(arg))) return () => undefined;
  const file = recordFile(folder, backend, env);
  const { pid } = process;
  const part = args.some((arg) => DOES_A_PART.test(arg));
  const record = { began: now.toISOString(), pid, process: beganAt(pid), stack: stack ?? null, part };
  write(file, record);
  return (end) => write(file, { ...record, end });
}

function readRecord(folder, backend, env) {
  try {
    return JSON.parse(readFileSync(recordFile(folder, backend, env), "utf8"));
  } catch {
    return undefined;
  }
}

/** Two commands mean one stack, as far as they name it. */
function sameStack(one, other) {
  return one === undefined || one === null || other === undefined || other === null || one === other;
}

/** How the last command that is noted in a folder came to no good end: when it began, and how it is; or undefined. */
function unfinished(folder, { backend, stack, env }) {
  const record = readRecord(folder, backend, env);
  if (record === undefined || !sameStack(record.stack, stack)) return undefined;
  const { pid, end, part } = record;
  const began = Date.parse(record.began);
  if (end === undefined && !isDead(pid) && beganAt(pid) === record.process) return { began, how: "runs" };
  if (end === undefined || end.signal !== null) return { began, how: "was killed", pid };
  if (end.status !== 0) return { began, how: `ended with status ${end.status}` };
  if (folder !== "destroys") return undefined;
  // The engine ends with 0 where it is told to stop between two of its steps.
  if (typeof end.told === "string") return { began, how: `was interrupted (${end.told})` };
  return part === true ? { began, how: "was of a part" } : undefined;
}

/** The youngest update of a stack that did not come to a good end: when it began, and how it is; or undefined. */
function unfinishedUpdate({ stack, backend, env }) {
  const locked = deadLocks(backend)
    .filter((lock) => sameStack(lock.stack, stack))
    .map(({ began, pid }) => ({ began, how: "was killed", pid }));
  const noted = unfinished("updates", { stack, backend, env });
  return [...(noted === undefined ? [] : [noted]), ...locked].sort((a, b) => b.began - a.began)[0];
}

/** When an update of a stack began that came to a good end, if the last one did; undefined otherwise. */
function finishedUpdate({ stack, backend, env }) {
  const record = readRecord("updates", backend, env);
  const good = record?.end?.status === 0 && sameStack(record.stack, stack);
  return good ? Date.parse(record.began) : undefined;
}

/**
 * The last destroy of a stack, where it did not come to a good end and no update has since: when it began, and how it
 * is; or undefined. The state may know what is gone.
 */
function unfinishedDestroy(which) {
  const destroy = unfinished("destroys", which);
  const mended = finishedUpdate(which);
  return destroy === undefined || (mended !== undefined && mended > destroy.began) ? undefined : destroy;
}

module.exports = { isUpdate, noteCommand, unfinishedDestroy, unfinishedUpdate };
