/** The goal of a row: a number of seconds, or a multiple of another row's seconds. */
export type Goal = { readonly seconds: number } | { readonly times: number; readonly of: RowName };

/** A command that the bench measures. */
export interface Row {
  readonly title: string;
  readonly goal?: Goal;
}

/** Names of the rows, in the order of a round: each leaves the cluster as the next one needs it. */
export const ROW_NAMES = [
  "kubectl-apply",
  "kubectl-again",
  "kubectl-delete",
  "preview",
  "preview-pack",
  "up",
  "destroy",
  "up-pack",
  "unchanged",
  "again",
  "standard",
  "full",
  "start",
  "start-cluster",
] as const;

export type RowName = (typeof ROW_NAMES)[number];

/** What each row measures, and its goal. */
export const ROWS: Readonly<Record<RowName, Row>> = {
  "kubectl-apply": { title: "kubectl apply, wait" },
  "kubectl-again": { title: "kubectl delete pods, apply, wait" },
  "kubectl-delete": { title: "kubectl delete namespace" },
  preview: { title: "preview" },
  "preview-pack": { title: "preview with the pack", goal: { seconds: 2.5 } },
  up: { title: "up, quick", goal: { times: 1.4, of: "kubectl-apply" } },
  destroy: { title: "destroy", goal: { times: 1.15, of: "kubectl-delete" } },
  "up-pack": { title: "up, quick, with the pack", goal: { times: 1.6, of: "kubectl-apply" } },
  unchanged: { title: "up without changes, with the pack", goal: { seconds: 2.5 } },
  again: { title: "npm run again", goal: { times: 1.6, of: "kubectl-again" } },
  standard: { title: "npm run again, standard", goal: { times: 2, of: "again" } },
  full: { title: "npm run again, full", goal: { times: 3.5, of: "again" } },
  start: { title: "npm start, the cluster is up", goal: { seconds: 8 } },
  "start-cluster": { title: "npm start, the cluster is down", goal: { seconds: 16 } },
};
