import type { Cause, Evidence } from "../cause";
import type { Observation } from "../observation";
import { only } from "../../protocol/pod-log";

/** Kubernetes' reason for a process that the kernel killed because of its memory. */
const OUT_OF_MEMORY = "OOMKilled: it used more memory than its limit";

/** Describes a shell's exit status: above 128 it is a signal. */
function describeExit(exit: number | null | undefined): string {
  if (exit === null || exit === undefined) return "it did not exit";
  return exit > 128 && exit < 193 ? `killed by signal ${exit - 128}` : `exit status ${exit}`;
}

/** The end of a driver, as the producer reports it. */
interface DriverEnd {
  readonly exit?: number | null | undefined;
  readonly outOfMemory?: boolean | undefined;
  readonly message: string;
}

function withWords(text: string, words: string): string {
  return words.trim() === "" ? text : `${text}: ${words.trim()}`;
}

function describeEnd({ exit, outOfMemory, message }: DriverEnd): string {
  const how = describeExit(exit);
  return withWords(outOfMemory === true ? `${OUT_OF_MEMORY}, ${how}` : how, message);
}

/**
 * Finds the crash. The producer survives its driver, which the kernel kills first, and reports it. If the
 * kernel kills the whole container (`memory.oom.group`, which kubelet sets in cgroup version 2), only the
 * container's reason shows it. The runtime sometimes loses that reason, which is why the producer's report
 * takes precedence.
 */
function findCrash({ pods }: Observation): Evidence | undefined {
  const { report, facts, since } = pods.producer;
  const exited = only(report, "driver-exited");
  if (exited !== undefined) return { about: "producer", text: describeEnd(exited), time: exited.time };
  const failed = only(report, "failed");
  if (failed?.stage === "driver") return { about: "producer", text: describeEnd(failed), time: failed.time };
  if (failed?.outOfMemory === true || facts?.container.reason === "OOMKilled")
    return { about: "producer", text: OUT_OF_MEMORY, time: failed?.time ?? since };
  if (failed?.stage !== "verify") return undefined;
  const text = withWords("it mounted, and cannot be read", failed.message);
  return { about: "producer", text, time: failed.time };
}

/** The FUSE program exited or does not work, before or after it mounted. */
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
