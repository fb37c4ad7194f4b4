import { byText, type Cause } from "../cause";

/** The namespace's quota does not allow the pods. */
export const quotaExceeded: Cause = {
  code: "quota-exceeded",
  verdict: "ERROR",
  recognise: byText("api", /exceeded quota/, /failed quota: /),
  summarise: ({ namespace }, { text }) =>
    `The quota of namespace ${namespace} does not allow the pods (${text})`,
  nextSteps: ({ namespace }) => [
    `Check the quotas: kubectl --namespace ${namespace} describe resourcequota`,
    `Check which pods use them up: kubectl --namespace ${namespace} get pods`,
    "Request less (fuse-test:resources), or have the quota raised",
  ],
};
