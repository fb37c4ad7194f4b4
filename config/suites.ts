import type { Settings } from "./settings";
import { matrix, type MatrixContainer, type MatrixRow, refusedContainers } from "./visibility-matrix";

/** Size of the test: how many checks it makes beyond the quick test. */
export type Suite = Settings["suite"];

/** Name of the container that keeps running through every loss of the mount. */
export const READER = "reader";

/** Returns the rows of the matrix for a suite. The standard suite has one: the ordinary consumer. */
export function matrixRows(suite: Suite): readonly MatrixRow[] {
  if (suite === "full") return matrix;
  return suite === "standard" ? matrix.filter(({ name }) => name === "plain-slave-10001") : [];
}

/** Returns the combinations of a suite that the API server must refuse. */
export function refusedCells(suite: Suite): readonly MatrixContainer[] {
  return suite === "full" ? refusedContainers : [];
}

const kills = { quick: 0, standard: 5, full: 30 } as const;

/** Returns the steps of the examination's producer, in order. */
export function steps(suite: Suite): readonly string[] {
  const killed = Array.from({ length: kills[suite] }, () => "kill");
  if (suite === "quick") return [];
  if (suite === "standard") return [...killed, "hang"];
  return [...killed, "hang", "restart", "delete", "evict", "speed"];
}

/** Returns the time limit of an examination in seconds, by suite. */
export function examinationSeconds(suite: Suite): number {
  return suite === "full" ? 180 : 60;
}
