import type { Cause } from "../cause";
import { only } from "../pod-log";

/** The FUSE program ended by itself, before or after it mounted. */
export const driverCrashed: Cause = {
  code: "driver-crashed",
  verdict: "ERROR",
  recognise: ({ pods }) => {
    const { report, facts } = pods.producer;
    if (facts?.container.reason === "OOMKilled")
      return { about: "producer", text: "OOMKilled: it used more memory than its limit" };
    const exited = only(report, "driver-exited");
    if (exited !== undefined)
      return { about: "producer", text: `exit status ${exited.exit}: ${exited.message}` };
    const failed = only(report, "failed");
    if (failed?.stage !== "driver" && failed?.stage !== "verify") return undefined;
    return { about: "producer", text: `exit status ${failed.exit ?? "none"}: ${failed.message}` };
  },
  summarise: ({ driver, node }, { text }) =>
    `The driver ${driver} made no lasting mount on ${node} (${text})`,
  nextSteps: ({ namespace, driver }) => [
    `Read what ${driver} printed: kubectl --namespace ${namespace} logs fuse-producer`,
    "An exit status of 137 means that it was killed: look at the memory limit in fuse-test:resources",
    `Try another driver: pulumi config set fuse-test:driver NAME`,
  ],
};
