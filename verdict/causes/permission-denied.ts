import { byMeaning, type Cause } from "../cause";
import { isOfChannel, logRole } from "../channels";
import { apiReasons, type Message } from "../../kube/message";

/** Time for which an API server that has just started may refuse every request, in milliseconds. */
const PATIENCE_MILLISECONDS = 2000;

const lacksRight = [
  // RBAC, in a refusal and in an access review; a path stands for a request without a resource
  // (k8s.io/apiserver, responsewriters/errors.go).
  /cannot \w+ (?:resource|path) "/,
  // The clouds' own authorizers: GKE, and AKS with Azure RBAC.
  /requires? (?:one of )?\[?"container\.\w+/i,
  /does not have access to the resource in Azure/,
];

const unknownUser = [
  /\bUnauthorized\b/,
  /You must be logged in to the server/,
  /the server has asked for the client to provide credentials/,
];

const reasons: ReadonlySet<string> = new Set(["401", apiReasons.credentials]);

/** Returns true for a refusal for missing rights. Read requests are refused for no other reason. */
export function isDenial(message: Message): boolean {
  const { source, reason, text } = message;
  if (source !== "api" || reason === apiReasons.foreign) return false;
  const matches = (words: readonly RegExp[]): boolean => words.some((pattern) => pattern.test(text));
  // A kubelet refuses the API server itself: "Forbidden (user=..., verb=get, resource=nodes, subresource=proxy)".
  if (isOfChannel(message) && logRole(message.about) !== undefined) return matches(lacksRight);
  if (isOfChannel(message) && reason === "403") return true;
  return reasons.has(reason) || matches(lacksRight) || matches(unknownUser);
}

/** The credentials are missing, expired or not enough. */
export const permissionDenied: Cause = {
  code: "permission-denied",
  verdict: "ERROR",
  recognise: byMeaning(isDenial, () => PATIENCE_MILLISECONDS),
  summarise: (_, { text }) => `The credentials do not allow the test (${text})`,
  nextSteps: ({ namespace }) => [
    "Check which user you are: kubectl auth whoami",
    `Check what you are allowed to do: kubectl auth can-i --list --namespace ${namespace}`,
    "Expired credentials: log in again, or fetch a new kubeconfig from the cluster",
    "A credential plugin that is missing or fails: kubectl get --raw /version shows its message",
    "Missing rights: ask for create, get, list, watch and delete of pods, get of pods/log and of the ConfigMap fuse-test-programs, and list and watch of events, in the test's namespace",
  ],
};
