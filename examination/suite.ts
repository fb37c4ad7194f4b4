import type { Settings } from "../config";

/** How much is examined. */
export type Suite = Settings["suite"];

/** How a consumer's container gets the bridge. */
export type Propagation = "None" | "HostToContainer" | "Bidirectional";

/** A container that looks at the matrix's mounts: before they are made, and again after. */
export interface CellContainer {
  /** Name of the container. */
  readonly name: string;
  readonly propagation: Propagation;
  readonly privileged: boolean;
  readonly uid: number;
}

/** The user that is neither root nor the owner of the mount. */
export const OTHER_UID = 10001;

/** Name of the container that lives through every loss of the mount. */
export const READER = "reader";

function cell(propagation: Propagation, privileged: boolean, uid: number): CellContainer {
  const names = { None: "none", HostToContainer: "slave", Bidirectional: "shared" } as const;
  return {
    name: `${privileged ? "privileged" : "plain"}-${names[propagation]}-${uid}`,
    propagation,
    privileged,
    uid,
  };
}

const uids = [0, OTHER_UID];

const fullCells: readonly CellContainer[] = [
  ...uids.flatMap((uid) => [cell("None", false, uid), cell("HostToContainer", false, uid)]),
  ...uids.flatMap((uid) => [
    cell("None", true, uid),
    cell("HostToContainer", true, uid),
    cell("Bidirectional", true, uid),
  ]),
];

/** The containers of the matrix. The standard suite has one: the ordinary consumer, early and late. */
export function cellContainers(suite: Suite): readonly CellContainer[] {
  if (suite === "full") return fullCells;
  return suite === "standard" ? [cell("HostToContainer", false, OTHER_UID)] : [];
}

/** Combinations that the API refuses: Bidirectional is for privileged containers only. */
export function refusedCells(suite: Suite): readonly CellContainer[] {
  return suite === "full" ? uids.map((uid) => cell("Bidirectional", false, uid)) : [];
}

const kills = { quick: 0, standard: 5, full: 30 } as const;

/** What the examination's producer goes through, in order. */
export function steps(suite: Suite): readonly string[] {
  const killed = Array.from({ length: kills[suite] }, () => "kill");
  if (suite === "quick") return [];
  if (suite === "standard") return [...killed, "hang"];
  return [...killed, "hang", "restart", "delete", "evict", "speed"];
}

/** Seconds after which an examination is given up, by suite. */
export function examinationSeconds(suite: Suite): number {
  return suite === "full" ? 180 : 60;
}
