import { byMeaning, type Cause } from "../cause";
import type { Question } from "../observation";
import { apiReasons, type Message } from "../../kube/message";
import { isDenial } from "./permission-denied";
import { bidirectionalNeedsPrivileged } from "./bidirectional-needs-privileged";
import { quotaExceeded } from "./quota-exceeded";
import { isOfChannel } from "../channels";

const words = [
  /violates PodSecurity "/,
  /ValidatingAdmissionPolicy .* denied request/,
  /admission webhook .* denied the request/,
  /failed calling (?:webhook|admission policy)/,
  /admission plugin .* failed/,
  /^namespaces "[^"]*" not found$/,
];

/** HTTP statuses of a refused pod: 403, and 422 for one that was changed and became invalid. */
const refusals = new Set(["403", "422"]);

/** Returns true for any refusal except for missing rights or quota, which are causes of their own. */
export function isRefusal(message: Message, question: Question): boolean {
  const { source, reason, text } = message;
  // Read requests do not pass admission.
  if (source !== "api" || reason === apiReasons.foreign || isOfChannel(message)) return false;
  const refuses =
    refusals.has(reason) || reason === apiReasons.lateAdmission || reason === apiReasons.refused;
  if (!refuses && !words.some((pattern) => pattern.test(text))) return false;
  const others = [quotaExceeded, bidirectionalNeedsPrivileged];
  return !isDenial(message) && others.every(({ recognise }) => recognise.means?.(message, question) !== true);
}

/** Admission control refuses the pods. */
export const admissionDenied: Cause = {
  code: "admission-denied",
  verdict: "ERROR",
  recognise: byMeaning(isRefusal),
  summarise: ({ namespace }, { text }) =>
    `The cluster refuses the test's pods in namespace ${namespace} (${text})`,
  nextSteps: ({ namespace }) => [
    `Pod Security: check the level: kubectl get namespace ${namespace} --show-labels. The producer needs pod-security.kubernetes.io/enforce=privileged`,
    "A policy: kubectl get validatingadmissionpolicies,validatingwebhookconfigurations. The message names it; ask its owner for an exception for this namespace",
    "A webhook that does not respond: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations, and check the Service that it names",
    "A namespace that was deleted although it is in the stack's state, as after a destroy that was interrupted: npx pulumi refresh, and run the test again",
    `A namespace that is being deleted refuses new pods: wait until it is gone: kubectl get namespace ${namespace} --watch`,
  ],
};
