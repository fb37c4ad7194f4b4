import type { Cause } from "../cause";
import { byDriver } from "./driver-words";

/**
 * An old driver refuses the mount point because of the sentinel in it, and has no option to mount
 * nevertheless.
 */
export const mountPointNotEmpty: Cause = {
  code: "mount-point-not-empty",
  verdict: "ERROR",
  recognise: byDriver("mount-point-not-empty"),
  summarise: ({ driver, image }, { text }) =>
    `The driver ${driver} of the image ${image} does not mount over a directory that is not empty, which the test needs (${text})`,
  nextSteps: ({ driver }) => [
    "Use an image with a newer one, with libfuse 3 or rclone 1.54 or later: pulumi config set fuse-test:image NAME:VERSION",
    `Or another driver than ${driver}: pulumi config set fuse-test:driver NAME`,
  ],
};
