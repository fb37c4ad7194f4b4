import type { CheckDefinition } from "../check";

/** The consumer's last line, its exit status and its whole report agree. */
export const conclusion: CheckDefinition = {
  name: "conclusion",
  expected: "the last line SUCCESS, exit status 0, and nothing in its log that is not its report",
  cause: "control-failed",
  find: ({ pods, now }) => {
    const { facts, report } = pods.consumer;
    if (facts?.container.state !== "terminated") return undefined;
    const { exitCode } = facts.container;
    const strange = report.strangeLines.length;
    return {
      observed: `last line ${report.conclusion ?? "missing"}, exit status ${exitCode ?? "unknown"}, ${strange} other lines`,
      passed: report.conclusion === "success" && exitCode === 0 && strange === 0,
      time: now,
    };
  },
};
