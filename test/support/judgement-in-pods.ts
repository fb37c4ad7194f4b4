import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role } from "../../manifests/common";
import { jobVerdictSchema, type JobVerdict } from "../../protocol/job-verdict";

const pods = join(__dirname, "..", "..", "pods");

const script = `
. "$PROGRAMS/common.sh"
. "$PROGRAMS/judge.sh"
decide
print_verdict
`;

/** The lines that each pod has printed of a run. */
export type PrintedLines = Readonly<Record<Role, readonly string[]>>;

/** Lets the pods' own judgement conclude from what pods have printed, in a shell of the machine. */
export function judgeInPods(printed: PrintedLines, shell: readonly string[] = ["dash"]): JobVerdict {
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
      env: { PATH: process.env.PATH, PROGRAMS: pods, SCRATCH: scratch, RUN: "r1", ROLE: "consumer" },
    });
    return jobVerdictSchema.parse(JSON.parse(text));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
