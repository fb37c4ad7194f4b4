import type { PodFacts } from "../observation";
import type { LogLine, PodReport } from "../../protocol/pod-log";

/** State that the observer keeps of one pod. */
export interface PodState {
  facts?: PodFacts;
  /** When the facts last changed, milliseconds since 1970. */
  since?: number;
  /** When the container's state or its reason last changed, milliseconds since 1970. */
  stateSince?: number;
  lines: readonly LogLine[];
  /** The parsed report, and the lines that it was parsed from. */
  read?: {
    readonly lines: readonly LogLine[];
    readonly count: number;
    /** Correction that was added to the times of the lines, in milliseconds. */
    readonly correction: number;
    readonly report: PodReport;
  };
  logEnded: boolean;
}
