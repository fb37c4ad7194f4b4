import { type Cause, type Evidence, findMessage } from "../cause";
import { apiReasons, type Message, type Observation } from "../observation";
import { permissionDenied } from "./permission-denied";
import { quotaExceeded } from "./quota-exceeded";

const words = [
  /violates PodSecurity "/,
  /ValidatingAdmissionPolicy .* denied request/,
  /admission webhook .* denied the request/,
  /failed calling webhook/,
  /admission plugin .* failed/,
  /^namespaces "[^"]*" not found$/,
];

function isRefusal({ source, reason, text }: Message): boolean {
  const refuses = reason === "403" || reason === apiReasons.lateAdmission;
  return source === "api" && (refuses || words.some((pattern) => pattern.test(text)));
}

/** Any refusal that is not for want of rights or quota, which are causes of their own. */
function findRefusal(observation: Observation): Evidence | undefined {
  const others = observation.messages.filter((message) => {
    const alone = { ...observation, messages: [message] };
    const findings = { checks: [], waitingFor: "" };
    return [permissionDenied, quotaExceeded].every(
      ({ recognise }) => recognise(alone, findings) === undefined,
    );
  });
  return findMessage({ ...observation, messages: others }, isRefusal);
}

/** Something in the cluster refuses the pods at admission. */
export const admissionDenied: Cause = {
  code: "admission-denied",
  verdict: "ERROR",
  recognise: findRefusal,
  summarise: ({ namespace }, { text }) =>
    `The cluster refuses the test's pods in namespace ${namespace} (${text})`,
  nextSteps: ({ namespace }) => [
    `Pod Security: look at the level: kubectl get namespace ${namespace} --show-labels. The producer needs pod-security.kubernetes.io/enforce=privileged`,
    "A policy: kubectl get validatingadmissionpolicies,validatingwebhookconfigurations. The message names it; ask its owner for an exception for this namespace",
    "A webhook that does not answer: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations, and look at the Service that it names",
    "A namespace that is gone although the stack knows it, as after a destroy that was interrupted: npx pulumi refresh, and run the test again",
    `A namespace that is being deleted refuses new pods: wait until it is gone: kubectl get namespace ${namespace} --watch`,
  ],
};
