/** A part of a next step: words, or a command that a person can copy. */
export interface StepPart {
  readonly kind: "words" | "command";
  readonly text: string;
}

/** Programs in next steps, as the first word of a command. */
const PROGRAMS = [
  "kubectl",
  "pulumi",
  "npx",
  "npm",
  "mount",
  "umount",
  "fusermount3?",
  "findmnt",
  "modprobe",
  "ls",
  "echo",
  "grep",
  "ctr",
  "crictl",
  "df",
  "du",
  "rmdir",
  "cat",
  "stat",
  "systemctl",
  "journalctl",
  "dmesg",
  "sysctl",
  "chmod",
  "uname",
  "date",
  "timedatectl",
  "chronyc",
].join("|");

/**
 * Beginning of a command: the start of the step, or after a colon, a comma, a bracket or a few words. `$(` is
 * the shell's.
 */
const BEGIN = String.raw`(^|: |, |\band |\bat |\brun |(?<!\$)\()`;
/** The shell's brackets belong to a command; others are a remark after it. */
const INSIDE = String.raw`(?:\$\([^)]*\)|[^()])*?`;
/** Words that follow a command, such as `, and check: ...`, `. Then ...`, ` is safe` or ` (a remark)`. */
const END = [
  String.raw`, (?:and|or|then|which|where|while|after|before|but|as|until|if|when) `,
  String.raw`, [a-z]+ (?:it|them|with|what|who) `,
  `, (?:${PROGRAMS}) `,
  String.raw`\. [A-Z]`,
  "; [a-z]",
  ": [a-z]",
  " (?:is|are|and|if|shows?|should|says?|must) ",
  String.raw` \(`,
  String.raw`\)`,
  "$",
].join("|");
const COMMAND = new RegExp(`${BEGIN}((?:sudo )?(?:${PROGRAMS}) ${INSIDE})(?=${END})`, "g");

/** Splits a next step into words and commands, in their order. Together they are the whole step. */
export function splitStep(step: string): StepPart[] {
  const parts: StepPart[] = [];
  let end = 0;
  for (const { index, 1: before = "", 2: command = "" } of step.matchAll(COMMAND)) {
    const start = index + before.length;
    parts.push({ kind: "words", text: step.slice(end, start) }, { kind: "command", text: command });
    end = start + command.length;
  }
  parts.push({ kind: "words", text: step.slice(end) });
  return parts.filter(({ text }) => text !== "");
}
