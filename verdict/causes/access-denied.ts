import type { Cause } from "../cause";
import { parseMount } from "../mountinfo";
import { only } from "../../protocol/pod-log";
import { byReading } from "./reading";

/** The consumer sees the mount, but may not read it. */
export const accessDenied: Cause = {
  code: "access-denied",
  verdict: "FAILURE",
  recognise: (observation) => {
    const denied = byReading("access-denied")(observation);
    const seen = only(observation.pods.consumer.report, "seen");
    if (denied === undefined || seen === undefined) return undefined;
    const allowed = parseMount(seen.mountinfo)?.superOptions.includes("allow_other") === true;
    const option = allowed ? "it has the option allow_other" : "it lacks the option allow_other";
    return { ...denied, text: `${option}; ${denied.text}` };
  },
  summarise: ({ driver }, { text }) =>
    `The ${driver} mount reaches the consumer, which may not read it (${text})`,
  nextSteps: ({ driver, namespace }) => [
    `Without allow_other only the mount's owner may access it: rclone mount --allow-other; libfuse programs: -o allow_other (the driver is ${driver})`,
    "A mounter that is not root needs the line user_allow_other in /etc/fuse.conf of its image as well",
    `With allow_other the cause is the mode of a directory, a check by the driver itself, or SELinux: kubectl --namespace ${namespace} logs fuse-consumer names the path; on the node: ausearch --message avc --start recent`,
    "Or run the readers with the uid of the mount's owner",
  ],
};
