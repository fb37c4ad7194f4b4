import { container, edited } from "./edits";
import { NEVER_JUDGES, NOT_STARTED } from "./judgement-in-pods";
import type { BrokenRun } from "./scenes-of-causes";

const ERROR = "ERROR" as const;

/** Runs whose pods do not start, or are ended, for a reason of the kubelet's that is no cause of its own. */
export const notStarted: readonly BrokenRun[] = [
  {
    name: "no-secret",
    title: "a variable comes from a Secret that is not there",
    verdict: ERROR,
    cause: "start-failed",
    unseenInPods: NOT_STARTED,
    words: /CreateContainerConfigError: secret \\"none\\" not found/,
    pod: container("consumer", (one) => {
      one.env?.push({ name: "TOKEN", valueFrom: { secretKeyRef: { name: "none", key: "token" } } });
    }),
  },
  {
    name: "no-configmap",
    title: "the ConfigMap of a volume is not there",
    verdict: ERROR,
    cause: "start-failed",
    unseenInPods: NOT_STARTED,
    words: /FailedMount: .*configmap \\"none\\" not found/,
    pod: container("control", (one, pod) => {
      one.volumeMounts?.push({ name: "more", mountPath: "/more" });
      pod.spec?.volumes?.push({ name: "more", configMap: { name: "none", defaultMode: 0o444 } });
    }),
  },
  {
    name: "past-deadline",
    title: "the pod runs longer than it may",
    verdict: ERROR,
    cause: "pod-failed",
    unseenInPods: NEVER_JUDGES,
    words: /DeadlineExceeded/,
    programs: (files) => edited(files, "consumer.sh", "\nreport_start\n", "\nsleep 1000\nreport_start\n"),
    pod: container("consumer", (_, pod) => {
      Object.assign(pod.spec ?? {}, { activeDeadlineSeconds: 3 });
    }),
  },
];
