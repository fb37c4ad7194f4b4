// Whether a process of this machine has ended.
const { readFileSync } = require("node:fs");

/** The fields of /proc/PID/stat after the command's name, or undefined where there is no such process. */
function fieldsOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** When a process began, in ticks since the machine did: tells it from a later one of its number. */
function beganAt(pid) {
  return fieldsOf(pid)?.[19] ?? "";
}

/** True for a process that has ended, also where its parent has not asked for its exit status yet. */
function isDead(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === "ESRCH";
  }
  return /^[ZX]$/.test(fieldsOf(pid)?.[0] ?? "");
}

module.exports = { beganAt, isDead };
