import { container, withDriver } from "./edits";
import type { BrokenRun } from "./scenes-of-causes";

/** A producer whose memory is used up within a moment. */
const littleMemory = container("producer", (one) => {
  Object.assign(one.resources ?? {}, {
    requests: { cpu: "100m", memory: "64Mi" },
    limits: { cpu: "500m", memory: "64Mi" },
  });
});

/** What a producer says whose driver the kernel has killed for memory. */
const OUT_OF_MEMORY = "OOMKilled: it used more memory than its limit";

const ERROR = "ERROR" as const;

/** Runs whose memory or disk is used up. */
export const withoutRoom: readonly BrokenRun[] = [
  {
    name: "out-of-memory",
    title: "the driver needs more memory than the producer may use",
    verdict: ERROR,
    cause: "driver-crashed",
    // The kernel may kill the driver alone, whose signal the producer then reports, or the whole container.
    words: new RegExp(`\\(${OUT_OF_MEMORY}(, killed by signal 9)?\\)`),
    otherCauses: [],
    pod: littleMemory,
    programs: (files) => withDriver(files, "driver_run() { exec tail /dev/zero; }"),
  },
  {
    name: "out-of-memory-below",
    title: "what the driver has started needs more memory than the producer may use",
    verdict: ERROR,
    cause: "driver-crashed",
    words: new RegExp(`\\(${OUT_OF_MEMORY}(, exit status 1: Killed)?\\)`),
    otherCauses: [],
    pod: littleMemory,
    programs: (files) => withDriver(files, "driver_run() { tail /dev/zero || exit 1; }"),
  },
  {
    name: "backing-full",
    title: "what is to be mounted does not fit on its disk",
    verdict: ERROR,
    cause: "node-out-of-resources",
    words: /what is to be mounted cannot be written: .*No space left on device/,
    otherCauses: [],
    pod: container("producer", (_, pod) => {
      const scratch = pod.spec?.volumes?.find(({ name }) => name === "scratch");
      // Held by the kernel, unlike a limit on a disk, for which the kubelet looks now and then.
      Object.assign(scratch ?? {}, { emptyDir: { medium: "Memory", sizeLimit: "32Ki" } });
    }),
  },
];
