import type { Journal } from "../../protocol/suite-log";
import type { MatrixContainer } from "../../config/visibility-matrix";
import type { Suite } from "../../config/suites";

/** The API server's answer to a pod that it must refuse. */
export interface Refusal {
  readonly cell: MatrixContainer;
  readonly refused: boolean;
  readonly text: string;
}

/** Everything that an examination has observed. The evaluation depends on this and nothing else. */
export interface Evidence {
  readonly suite: Exclude<Suite, "quick">;
  /** Milliseconds since 1970: the zero of the run. */
  readonly start: number;
  /** When its pods were first read, by the examination command: milliseconds since 1970. */
  readonly examined: number;
  /** By container. */
  readonly journals: ReadonlyMap<string, Journal>;
  readonly refusals: readonly Refusal[];
  /** Why the examination was given up; empty if it was not. */
  readonly givenUp: string;
}

/** Name of the container that mounts. */
export const PRODUCER = "examination-producer";
