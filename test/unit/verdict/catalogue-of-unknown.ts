import type { Entry } from "./catalogue";

const ERROR = "ERROR" as const;

/** The causes that stand for what is not known: pods, reasons and answers that no user has foreseen. */
export const ofUnknown: Readonly<Record<string, Entry>> = {
  "foreign-pods": {
    verdict: ERROR,
    words: [],
    faults: [["support/foreign-pods.ts", "pods that print an old run's logs"]],
  },
  "pod-failed": {
    verdict: ERROR,
    words: [/UnexpectedAdmissionError/, /NodeShutdown/, /TopologyAffinityError/, /AppArmor/],
    faults: [["support/scenes-of-starts.ts", "the pod runs longer than it may"]],
  },
  "start-failed": {
    verdict: ERROR,
    words: [
      /MOUNT_ATTR_IDMAP/,
      /lsetxattr .*: operation not supported/,
      /container init was OOM-killed/,
      /FailedCreatePodContainer .*cannot allocate memory/,
      /read-only file system/,
    ],
    faults: [["support/scenes-of-starts.ts", "a variable comes from a Secret that is not there"]],
  },
  "observation-failed": {
    verdict: ERROR,
    words: [/remote error: tls: internal error/, /code 502: 502 Bad Gateway/],
    faults: [["e2e/channels.test.ts", "a log that the API server cannot have"]],
  },
};
