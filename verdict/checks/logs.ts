import { type Role, ROLES } from "../../manifests/common";
import { OUTAGE_MILLISECONDS } from "../channels";
import type { CheckDefinition } from "../check";
import { logFault } from "../log-fault";
import type { Observation } from "../observation";

/**
 * Returns when a log cannot become complete any more, milliseconds since 1970: it is reread for some time.
 */
function givenUp(role: Role, { pods, deadline }: Observation): number {
  const ended = [pods[role], pods.consumer].find(({ logEnded }) => logEnded);
  if (ended === undefined) return deadline;
  return Math.min(deadline, (ended.since ?? 0) + OUTAGE_MILLISECONDS);
}

/** The logs are everything that the programs printed: nothing is concluded from a line that was not read. */
export const logsWhole: CheckDefinition = {
  name: "logs-whole",
  expected: "the complete logs of consumer and control, every line once and nothing else",
  cause: "observation-failed",
  find: (observation) => {
    const { pods, now, start } = observation;
    const faults = ROLES.flatMap((role) => {
      const text = logFault(role, pods);
      return text === undefined ? [] : [{ role, observed: `log of the ${role}: ${text}` }];
    });
    const lasting = faults.find(({ role }) => now >= givenUp(role, observation));
    if (lasting !== undefined) {
      const time = Math.max(start, givenUp(lasting.role, observation));
      return { observed: lasting.observed, passed: false, time };
    }
    if (faults.length > 0 || !pods.consumer.logEnded || !pods.control.logEnded) return undefined;
    return {
      observed: "whole",
      passed: true,
      time: Math.max(start, pods.consumer.since ?? now, pods.control.since ?? now),
    };
  },
};
