import { byAny, byStage, byText, type Cause, runAgain } from "../cause";

/** There is no /dev/fuse in the producer. */
export const fuseDeviceMissing: Cause = {
  code: "fuse-device-missing",
  verdict: "ERROR",
  recognise: byAny(
    byStage("device"),
    byText(
      "driver",
      /fuse: device not found/,
      /fuse: device \S+ not found\. Kernel module not loaded\?/,
      /open(?:ing)? \/dev\/fuse: no such (?:file or directory|device)/i,
    ),
  ),
  summarise: ({ node }, { text }) => `Node ${node} offers no /dev/fuse to the producer (${text})`,
  nextSteps: ({ node }) => [
    `On ${node}, load the module: modprobe fuse, and look: ls -l /dev/fuse (a character device, 10, 229)`,
    "Keep it over a restart: echo fuse > /etc/modules-load.d/fuse.conf",
    "On a system without modules, FUSE must be built into the kernel: grep CONFIG_FUSE_FS /boot/config-$(uname -r)",
    runAgain,
  ],
};
