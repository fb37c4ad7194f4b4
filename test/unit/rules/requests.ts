import { cleanRequest } from "../../../protocol/cleanup-request-of";
import { refusedManifest } from "../../../manifests/examination";
import { aVerdict } from "../../support/verdicts";
import { consumer, control, examined, podSettings, producer } from "../../policy/cases/fixtures";

const access = { kubeconfig: "/home/me/.kube/config", context: "default" };
const base = {
  ...access,
  namespace: "fuse-test",
  node: "w2",
  run: "r",
  driver: "rclone",
  image: podSettings.image,
  hostPath: podSettings.hostPath,
  timeoutSeconds: 120,
  reports: "reports",
};

/** The program's cleanup request. */
export const cleaning = cleanRequest({
  pods: podSettings,
  hostPath: "/tmp/fuse-test-bridge",
  access,
  owner: "local",
  keepNamespace: false,
});

/** The request of the preflight. */
export const preflight = {
  ...base,
  mode: "preflight",
  stack: "local",
  owner: "local",
  pods: [producer, consumer, control],
};

/** The request of the verdict. */
export const judging = { ...base, mode: "judge", start: "2026-11-25T12:00:00.000Z", cleaning, ended: [] };

const cell = { name: "plain-shared-0", propagation: "Bidirectional", privileged: false, uid: 0 } as const;

/** The request of the examination: its verdict is that of a run. */
export const examining = {
  ...base,
  mode: "examine",
  start: "2026-11-25T12:00:00.000Z",
  suite: "standard",
  verdict: aVerdict(),
  producer: examined[0],
  consumer: examined[1],
  refused: [{ cell, pod: refusedManifest(podSettings, cell) }],
};
