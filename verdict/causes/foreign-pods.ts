import { ROLES } from "../../manifests/common";
import { type Cause, runAgain } from "../cause";
import { findForeign } from "../origin/foreign";

/** The pods are not the ones that this version creates for the run, so that their output proves nothing. */
export const foreignPods: Cause = {
  code: "foreign-pods",
  verdict: "ERROR",
  recognise: (observation) => {
    const foreign = findForeign(observation);
    if (foreign === undefined) return undefined;
    const role = ROLES.find((one) => one === foreign.about);
    return { ...foreign, time: role && observation.pods[role].facts?.created };
  },
  summarise: (_, { text }) => `These are not this test's pods, so that their output proves nothing (${text})`,
  nextSteps: ({ namespace }) => [
    `Check the pods: kubectl --namespace ${namespace} get pods --selector app.kubernetes.io/name=fuse-test --output yaml`,
    "A field that is not in the manifests was added at admission: kubectl get mutatingwebhookconfigurations,mutatingadmissionpolicies. Ask for an exception for this namespace",
    "Pods of another version of this project: judge them with that version, or create them again with this one",
    runAgain,
  ],
};
