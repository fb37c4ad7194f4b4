import type { Cause } from "../cause";
import { byFailedCheck } from "./by-failed-check";

/** The set-up is not what the test needs, so that its outcome proves nothing. */
export const controlFailed: Cause = {
  code: "control-failed",
  verdict: "ERROR",
  recognise: byFailedCheck("control-failed"),
  summarise: (_, { text }) => `A control of the test does not hold, so the run proves nothing (${text})`,
  nextSteps: ({ namespace }) => [
    `Look what the pods say: kubectl --namespace ${namespace} logs --selector app.kubernetes.io/name=fuse-test --tail=-1`,
    "Look whether somebody else changes pods at admission: kubectl get mutatingwebhookconfigurations",
    "Run the test again: npm run again",
  ],
};
