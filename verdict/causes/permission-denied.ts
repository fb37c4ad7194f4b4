import { type Cause, findMessage } from "../cause";
import { apiReasons, type Message } from "../observation";

/** An API server that has just started may refuse everybody for a moment, in milliseconds. */
const PATIENCE_MILLISECONDS = 2000;

const words = [
  // RBAC, in a refusal and in an access review.
  /cannot \w+ resource "/,
  /\bUnauthorized\b/,
  /You must be logged in to the server/,
  /the server has asked for the client to provide credentials/,
];

const reasons: ReadonlySet<string> = new Set(["401", apiReasons.credentials]);

function isDenial({ source, reason, text }: Message): boolean {
  return source === "api" && (reasons.has(reason) || words.some((pattern) => pattern.test(text)));
}

/** The credentials are missing, expired or not enough. */
export const permissionDenied: Cause = {
  code: "permission-denied",
  verdict: "ERROR",
  recognise: (observation) => findMessage(observation, isDenial, () => PATIENCE_MILLISECONDS),
  summarise: (_, { text }) => `The credentials do not allow the test (${text})`,
  nextSteps: ({ namespace }) => [
    "Look who you are: kubectl auth whoami",
    `Look what you may do: kubectl auth can-i --list --namespace ${namespace}`,
    "Expired credentials: log in again, or fetch a new kubeconfig from the cluster",
    "A credential plugin that is missing or fails: kubectl get --raw /version shows what it says",
    "Missing rights: ask for create, get, list, watch and delete of pods, and get of pods/log and events, in the test's namespace",
  ],
};
