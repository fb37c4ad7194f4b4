import type { PodFacts } from "../observation";
import type { LogLine, PodReport } from "../../protocol/pod-log";

/** What the observer keeps of one pod. */
export interface PodState {
  facts?: PodFacts;
  /** Since when the facts are as they are, milliseconds since 1970. */
  since?: number;
  /** Since when the container is in its state for its reason, milliseconds since 1970. */
  stateSince?: number;
  lines: readonly LogLine[];
  /** What was read out of how many of the lines. */
  read?: {
    readonly lines: readonly LogLine[];
    readonly count: number;
    /** What was added to the times of the lines, in milliseconds. */
    readonly correction: number;
    readonly report: PodReport;
  };
  logEnded: boolean;
}
