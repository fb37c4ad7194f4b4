import type { CheckDefinition } from "../check";
import type { EventName } from "../pod-log";

const failureEvents = new Set<EventName>(["failed", "not-seen", "gave-up"]);

/** The consumer's last line, its exit status and its whole report agree. */
export const conclusion: CheckDefinition = {
  name: "conclusion",
  expected: "the last line SUCCESS, exit status 0, and nothing in its log but a report of success",
  cause: "control-failed",
  find: ({ pods, now }) => {
    const { facts, report, since } = pods.consumer;
    if (facts?.container.state !== "terminated") return undefined;
    const { exitCode } = facts.container;
    const strange = report.strangeLines.length;
    const failures = report.events.filter(({ event }) => failureEvents.has(event)).length;
    return {
      observed:
        `last line ${report.conclusion ?? "missing"}, exit status ${exitCode ?? "unknown"}, ` +
        `${strange} other lines, ${failures} failures told`,
      passed: report.conclusion === "success" && exitCode === 0 && strange === 0 && failures === 0,
      time: since ?? now,
    };
  },
};
