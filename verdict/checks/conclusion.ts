import type { CheckDefinition } from "../check";
import { isWhole } from "../log-fault";
import type { EventName } from "../../protocol/pod-log";

const failureEvents = new Set<EventName>(["failed", "not-seen", "gave-up"]);

/** The consumer's last line, its exit status and its whole report agree. */
export const conclusion: CheckDefinition = {
  name: "conclusion",
  expected: "the last line SUCCESS, exit status 0, and no failure reported",
  cause: "control-failed",
  find: (observation) => {
    const { pods, now } = observation;
    const { facts, report, since } = pods.consumer;
    if (facts?.container.state !== "terminated" || !isWhole("consumer", observation)) return undefined;
    const { exitCode } = facts.container;
    const failures = report.events.filter(({ event }) => failureEvents.has(event)).length;
    return {
      observed:
        `last line ${report.conclusion ?? "missing"}, exit status ${exitCode ?? "unknown"}, ` +
        `${failures} failures reported`,
      passed: report.conclusion === "success" && exitCode === 0 && failures === 0,
      time: since ?? now,
    };
  },
};
