import { container, edited } from "./edits";
import { NOT_STARTED } from "./judgement-in-pods";
import { onNode } from "./nodes";
import type { BrokenRun } from "./scenes-of-causes";

const ERROR = "ERROR" as const;

/** Where a scene has a shell for another processor, on the node. */
const OTHER_SHELL = "/tmp/fuse-test-other-processor-shell";

/** Runs whose image is not what it should be, or whose pods may not enter the bridge. */
export const ofImages: readonly BrokenRun[] = [
  {
    name: "no-tool",
    title: "the image lacks a program that the consumer looks for",
    verdict: ERROR,
    cause: "tool-missing",
    words: /no-such-program is not in the image/,
    otherCauses: [],
    // The shell of the embedded cluster's image is busybox, which has all the others within it.
    programs: (files) =>
      edited(files, "consumer.sh", 'TOOLS="$COMMON_TOOLS mkdir"', 'TOOLS="$COMMON_TOOLS no-such-program"'),
  },
  {
    name: "other-processor",
    title: "the image's shell is made for another processor",
    verdict: ERROR,
    cause: "wrong-architecture",
    unseenInPods: NOT_STARTED,
    words: /exec format error/,
    pod: container("consumer", (one, pod) => {
      one.volumeMounts?.push({ name: "shell", mountPath: "/bin/sh" });
      pod.spec?.volumes?.push({ name: "shell", hostPath: { path: OTHER_SHELL, type: "File" } });
    }),
    prepare: async () => {
      // The field of the ELF header that names the processor: 183 is AArch64, 243 RISC-V.
      const machine = process.arch === "x64" ? "\\267" : "\\363";
      const parts = `head -c 18 /bin/sh; printf '${machine}\\000'; tail -c +21 /bin/sh`;
      await onNode("w2", ["sh", "-c", `{ ${parts}; } >${OTHER_SHELL}; chmod 755 ${OTHER_SHELL}`]);
    },
    undo: () => onNode("w2", ["rm", "-f", OTHER_SHELL]).then(() => undefined),
  },
  {
    name: "closed",
    title: "the bridge cannot be entered by others",
    verdict: ERROR,
    cause: "bridge-inaccessible",
    words: /Permission denied \(mode 700, owner 0:0; seen by uid 10001/,
    settings: { timeoutSeconds: 30 },
    programs: (files) => edited(files, "producer.sh", 'chmod a+rx "$BRIDGE"', 'chmod 700 "$BRIDGE"'),
  },
  {
    name: "not-empty",
    title: "the driver refuses the sentinel in its mount point",
    verdict: ERROR,
    cause: "mount-point-not-empty",
    words: /mountpoint is not empty/,
    otherCauses: [],
    settings: { driver: "bindfs" },
    programs: (files) => edited(files, "driver-bindfs.sh", "-o nonempty", "-o rw"),
  },
];
