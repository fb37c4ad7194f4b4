import type { Cause } from "../cause";
import { byDriver } from "./driver-words";

/** fusermount counts the FUSE mounts of users who are not root, and has reached its limit. */
export const tooManyMounts: Cause = {
  code: "too-many-mounts",
  verdict: "ERROR",
  recognise: byDriver("too-many-mounts"),
  summarise: (_, { text }) => `There are too many FUSE mounts for a mounter that is not root (${text})`,
  nextSteps: ({ node }) => [
    `On ${node}, count them: findmnt --types fuse,fuse.rclone --noheadings | wc --lines`,
    "Raise the limit in /etc/fuse.conf of the image: mount_max = 5000",
    "Or run the driver as root, for whom there is no limit: securityContext.runAsUser: 0",
  ],
};
