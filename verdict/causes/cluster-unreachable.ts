import { type Cause, findMessage } from "../cause";
import { apiReasons } from "../observation";

/** How long the API server may be silent in the middle of a run before the run is given up, in milliseconds. */
const OUTAGE_MILLISECONDS = 10_000;

/** HTTP statuses by which something before the API server says that it cannot be reached. */
const gateway = new Set(["502", "503", "504"]);

const reachable: ReadonlySet<string> = new Set(Object.values(apiReasons));

function isSilence(reason: string): boolean {
  return gateway.has(reason) || !(/^\d+$/.test(reason) || reachable.has(reason));
}

/** The API server does not answer. A short hiccup during a run is waited out; before a run nothing is. */
export const clusterUnreachable: Cause = {
  code: "cluster-unreachable",
  verdict: "ERROR",
  recognise: (observation) =>
    findMessage(
      observation,
      ({ source, reason }) => source === "api" && isSilence(reason),
      () => OUTAGE_MILLISECONDS,
    ),
  summarise: (_, { text }) => `The cluster's API server cannot be reached (${text})`,
  nextSteps: () => [
    "Try it: kubectl cluster-info",
    "Check which cluster the kubeconfig means: kubectl config view --minify",
    "The embedded cluster is looked at with: npm run cluster -- status, and started with: npm run cluster -- up",
  ],
};
