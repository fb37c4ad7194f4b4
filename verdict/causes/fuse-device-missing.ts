import { byAny, type Cause, findMessage, runAgain } from "../cause";
import { byDriver } from "./driver-words";
import { isDeviceRefused } from "./fuse-device-denied";

/** The producer has no /dev/fuse, or the kernel has no FUSE. */
export const fuseDeviceMissing: Cause = {
  code: "fuse-device-missing",
  verdict: "ERROR",
  recognise: byAny(
    (observation) =>
      findMessage(
        observation,
        (message) =>
          message.source === "log" &&
          message.about === "producer" &&
          message.reason === "device" &&
          !isDeviceRefused(message),
      ),
    byDriver("fuse-device-missing"),
  ),
  summarise: ({ node }, { text }) => `Node ${node} offers no FUSE device to the producer (${text})`,
  nextSteps: ({ node }) => [
    `On ${node}, load the module: modprobe fuse, and check: ls -l /dev/fuse (a character device, 10, 229)`,
    "Keep it over a restart: echo fuse > /etc/modules-load.d/fuse.conf",
    "On a system without modules, FUSE must be built into the kernel: grep CONFIG_FUSE_FS /boot/config-$(uname -r)",
    runAgain,
  ],
};
