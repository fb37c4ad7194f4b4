import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role } from "../../manifests/common";
import { jobVerdictSchema, type JobVerdict } from "../../protocol/job-verdict";
import type { Observation } from "../../verdict/observation";

const pods = join(__dirname, "..", "..", "pods");

const script = `
. "$PROGRAMS/common.sh"
. "$PROGRAMS/judge.sh"
decide
print_verdict
`;

/** Prints the cause that each line of the input stands for, or a dash. */
const wordsScript = `
. "$PROGRAMS/common.sh"
. "$PROGRAMS/judge-words.sh"
while IFS= read -r text; do
  code=$(driver_cause "$text")
  echo "\${code:--}"
done
`;

/**
 * Returns the causes that the pods' own judgement sees in the words of drivers, in their order; a dash for words that
 * stand for none.
 */
export function driverCausesInPods(texts: readonly string[], shell: readonly string[] = ["dash"]): string[] {
  const [program = "sh", ...options] = shell;
  const lines = texts.map((text) => `${text.replace(/\s+/g, " ")}\n`).join("");
  const output = execFileSync(program, [...options, "-c", wordsScript], {
    encoding: "utf8",
    input: lines,
    env: { PATH: process.env.PATH, PROGRAMS: pods, SCRATCH: tmpdir(), RUN: "r1", ROLE: "consumer" },
  });
  return output.trimEnd().split("\n");
}

/** Returns the patterns of the pods' own judgement for the words of drivers, each with its cause. */
export function wordsInPods(): (readonly [cause: string, pattern: string])[] {
  const text = readFileSync(join(pods, "judge-words.sh"), "utf8");
  const [, full = ""] = /^DISK_FULL='(.*)'$/m.exec(text) ?? [];
  return [...text.matchAll(/^ {2}means (\S+) (?:'(.*)'|"\$DISK_FULL")$/gm)].map(
    ([, cause = "", pattern = full]) => [cause, pattern] as const,
  );
}

/** Returns the texts of one line each that `grep -E` selects, ignoring case. */
export function selectedBy(pattern: string, texts: readonly string[], grep: readonly string[]): string[] {
  const [program = "grep", ...before] = grep;
  const { stdout, status } = spawnSync(program, [...before, "-Ei", "-e", pattern], {
    encoding: "utf8",
    input: texts.map((text) => `${text}\n`).join(""),
    env: { PATH: process.env.PATH, LC_ALL: "C" },
  });
  if (status !== 0 && status !== 1) throw new Error(`${program} ended with status ${String(status)}`);
  return stdout.split("\n").slice(0, -1);
}

/** The lines that each pod has printed of a run. */
export type PrintedLines = Readonly<Record<Role, readonly string[]>>;

/** Lets the pods' own judgement conclude from what the pods of a run have printed, in a shell of the machine. */
export function judgeInPods(
  printed: PrintedLines,
  shell: readonly string[] = ["dash"],
  run = "r1",
): JobVerdict {
  const scratch = mkdtempSync(join(tmpdir(), "fuse-test-judgement-"));
  const [program = "sh", ...options] = shell;
  try {
    const reported = (role: Role): string =>
      printed[role]
        .filter((line) => line.startsWith("{") && !line.includes('"event":"mountinfo"'))
        .map((line) => `${line}\n`)
        .join("");
    writeFileSync(join(scratch, "report"), reported("consumer"));
    for (const role of ["producer", "control"] as const)
      writeFileSync(join(scratch, `of-${role}`), reported(role));
    const text = execFileSync(program, [...options, "-c", script], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, PROGRAMS: pods, SCRATCH: scratch, RUN: run, ROLE: "consumer" },
    });
    return jobVerdictSchema.parse(JSON.parse(text));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Why no pod sees what keeps another one from starting. */
export const NOT_STARTED = "no pod is given what Kubernetes says of one that does not start";

/** Why the pods conclude nothing at all. */
export const NEVER_JUDGES = "the consumer, which concludes, never gets that far";

/** How the judgement in the pods differs from the verdict command's of the same run, and why it may. */
export interface Difference {
  /** What the pods conclude: a verdict, and a cause if there is one. */
  readonly says: string;
  readonly reason: string;
}

/** Returns a verdict with its cause, if there is one. */
export function words({ verdict, cause }: Pick<JobVerdict, "verdict" | "cause">): string {
  return `${verdict} ${cause}`.trim();
}

/**
 * Lets the pods' own judgement conclude from what was observed of a run until the verdict command concluded.
 * @returns undefined if no consumer was there to judge
 */
export function judgeObserved({ question: { run }, pods }: Observation): JobVerdict | undefined {
  if (pods.consumer.report.events.length === 0) return undefined;
  const printed = (role: Role): string[] => [
    // The time is the log's, and `undefined` leaves it out.
    ...pods[role].report.events.map(({ event, ...fields }) =>
      JSON.stringify({ run, role, event, ...fields, time: undefined }),
    ),
    ...pods[role].report.strangeLines,
  ];
  return judgeInPods(
    { producer: printed("producer"), consumer: printed("consumer"), control: printed("control") },
    ["dash"],
    run,
  );
}
