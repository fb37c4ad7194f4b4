import type { Cause, Evidence } from "../cause";
import { parseMount } from "../mountinfo";
import type { Observation } from "../observation";
import { only } from "../pod-log";
import { byReading } from "./reading";

const find = byReading("access-denied");

/** In the words of the summary, by which the next steps know it again. */
const ALLOWED = "allow_other is set";

function optionsOf(observation: Observation): readonly string[] | undefined {
  const line = only(observation.pods.consumer.report, "seen")?.mountinfo ?? "";
  return parseMount(line)?.superOptions;
}

/** What the mount's own line in mountinfo says of its options. */
function describeOptions(observation: Observation): string {
  const options = optionsOf(observation);
  if (options === undefined) return "its options are not known";
  if (!options.includes("allow_other")) return "allow_other is missing";
  const permissions = options.includes("default_permissions")
    ? ", and default_permissions has the kernel check owner and mode"
    : "";
  return `${ALLOWED}${permissions}, so that the daemon, a file's mode, a security module or a user namespace refuses it`;
}

function recognise(observation: Observation): Evidence | undefined {
  const evidence = find(observation);
  return evidence && { ...evidence, text: `${describeOptions(observation)}: ${evidence.text}` };
}

/** The mount is there, and the consumer may not read it. */
export const accessDenied: Cause = {
  code: "access-denied",
  verdict: "FAILURE",
  recognise,
  summarise: ({ driver }, { text }) =>
    `The ${driver} mount reaches the consumer, which may not read it (${text})`,
  nextSteps: ({ driver, node, namespace }, { text }) =>
    text.startsWith(ALLOWED)
      ? [
          `Look at owner and mode as the producer sees them: kubectl --namespace ${namespace} exec fuse-producer -- stat /mnt/dfs/mount /mnt/dfs/mount/marker`,
          `On ${node}, look for a refusal by SELinux or AppArmor: dmesg | grep -i -e apparmor -e avc`,
          "The kernel refuses whoever is in a user namespace below the mount's: look for hostUsers: false in the pods, or a rootless runtime (Linux, fs/fuse/dir.c, fuse_allow_current_process)",
        ]
      : [
          `Mount with allow_other: rclone mount --allow-other; libfuse programs: -o allow_other (the driver is ${driver})`,
          "A mounter that is not root needs the line user_allow_other in /etc/fuse.conf of its image as well",
          "Or run the readers with the uid of the mount's owner",
        ],
};
