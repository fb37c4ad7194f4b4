import type { Cause, Evidence } from "../cause";
import type { Observation } from "../observation";
import { only } from "../pod-log";

/** What the shell's exit status says: above 128 it is a signal. */
function describeExit(exit: number | null | undefined): string {
  if (exit === null || exit === undefined) return "it did not end";
  return exit > 128 && exit < 193 ? `killed by signal ${exit - 128}` : `exit status ${exit}`;
}

function withWords(text: string, words: string): string {
  return words.trim() === "" ? text : `${text}: ${words.trim()}`;
}

function findCrash({ pods }: Observation): Evidence | undefined {
  const { report, facts } = pods.producer;
  if (facts?.container.reason === "OOMKilled")
    return { about: "producer", text: "OOMKilled: it used more memory than its limit" };
  const exited = only(report, "driver-exited");
  if (exited !== undefined)
    return { about: "producer", text: withWords(describeExit(exited.exit), exited.message) };
  const failed = only(report, "failed");
  if (failed?.stage !== "driver" && failed?.stage !== "verify") return undefined;
  const text = failed.stage === "driver" ? describeExit(failed.exit) : "it mounted, and cannot be read";
  return { about: "producer", text: withWords(text, failed.message) };
}

/** The FUSE program ended by itself or does not work, before or after it mounted. */
export const driverCrashed: Cause = {
  code: "driver-crashed",
  verdict: "ERROR",
  recognise: findCrash,
  summarise: ({ driver, node }, { text }) =>
    `The driver ${driver} made no lasting mount on ${node} (${text})`,
  nextSteps: ({ namespace, driver }) => [
    `Read what ${driver} printed: kubectl --namespace ${namespace} logs fuse-producer`,
    "OOMKilled or signal 9: raise the producer's memory limit in fuse-test:resources",
    `Try another driver: pulumi config set fuse-test:driver NAME`,
  ],
};
