import type { Cause } from "../cause";
import { byReading } from "./reading";

/** The mount is there, and only its owner may look at it. */
export const accessDenied: Cause = {
  code: "access-denied",
  verdict: "FAILURE",
  recognise: byReading("access-denied"),
  summarise: ({ driver }, { text }) =>
    `The ${driver} mount reaches the consumer, but only its owner may read it: allow_other is missing (${text})`,
  nextSteps: ({ driver }) => [
    `Mount with allow_other: rclone mount --allow-other; libfuse programs: -o allow_other (the driver is ${driver})`,
    "A mounter that is not root needs the line user_allow_other in /etc/fuse.conf of its image as well",
    "Or run the readers with the uid of the mount's owner",
  ],
};
