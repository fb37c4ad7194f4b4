import type { Evidence } from "../cause";
import type { Observation } from "../observation";
import { only } from "../../protocol/pod-log";
import { deadMountWords } from "./stale-mount-at-start";

/** Reason for which the consumer could not read through the mount that it saw. */
export type ReadingFailure = "access-denied" | "mount-stale" | "mount-hung" | "content-mismatch";

/**
 * The mount itself, or a path below it: `find` runs in it, and prints relative paths. A pod prints several
 * lines as one.
 */
const deniedWords =
  /(?:\/mnt\/dfs\/mount(?:[^0-9A-Za-z_].*)?|(?:^|\s)find: .*): (?:permission denied|operation not permitted)/i;

function failureOf(stage: string, message: string): ReadingFailure | undefined {
  if (stage === "hung") return "mount-hung";
  // It appeared, and was unmounted while it was read.
  if (stage === "gone") return "mount-stale";
  if (stage !== "read") return undefined;
  // EACCES (or EPERM, by a driver) and ENOTCONN are different: no access, and no daemon.
  if (deniedWords.test(message)) return "access-denied";
  if (deadMountWords.test(message)) return "mount-stale";
  return "content-mismatch";
}

/** Recognises one way in which the consumer's reading failed. */
export function byReading(failure: ReadingFailure): (observation: Observation) => Evidence | undefined {
  return ({ pods }) => {
    const failed = only(pods.consumer.report, "failed");
    if (failed === undefined || only(pods.consumer.report, "seen") === undefined) return undefined;
    if (failureOf(failed.stage, failed.message) !== failure) return undefined;
    return { about: "consumer", text: failed.message, time: failed.time };
  };
}
