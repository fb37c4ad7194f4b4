import type { CheckDefinition } from "../check";
import { isWhole } from "../log-fault";
import { parseMount } from "../mountinfo";
import { all, only } from "../../protocol/pod-log";
import { producerEndedBefore } from "../producer-ended";

/** The control, with propagation None, does not see the mount. */
export const controlBlind: CheckDefinition = {
  name: "control-blind",
  expected: "no mount for the control, whose bridge is private",
  cause: "control-failed",
  find: ({ pods }) => {
    const { report } = pods.control;
    const started = only(report, "started");
    const notSeen = only(report, "not-seen");
    const seen = only(report, "seen");
    if (seen !== undefined) return { observed: "it sees the mount", passed: false, time: seen.time };
    if (started === undefined || notSeen === undefined) return undefined;
    const bridge = parseMount(started.bridge);
    const isPrivate = bridge !== undefined && bridge.shared === undefined && bridge.master === undefined;
    return {
      observed: isPrivate ? "no mount" : `its bridge is ${started.bridge}`,
      passed: isPrivate,
      time: notSeen.time,
    };
  },
};

/**
 * The control ran before the mount was made, and sees the directory underneath: it watches the right path.
 * With propagation None a pod that starts later would get the mount at its start.
 */
export const controlLooks: CheckDefinition = {
  name: "control-looks",
  expected: "the control started before the mount was made, and sees the sentinel",
  cause: "control-failed",
  find: (observation) => {
    const { report } = observation.pods.control;
    const started = only(report, "started");
    const notSeen = only(report, "not-seen");
    if (started === undefined || notSeen === undefined) return undefined;
    const early = started.mountVisible === false;
    if (early && !notSeen.sentinelVisible && producerEndedBefore(notSeen.time, observation)) return undefined;
    return {
      observed: `${early ? "before" : "after"}, the sentinel is ${notSeen.sentinelVisible ? "visible" : "not visible"}`,
      passed: early && notSeen.sentinelVisible,
      time: notSeen.time,
    };
  },
};

/** Types of files, as stat(1) of coreutils and of busybox prints them. */
const emptyFile = /^(?:regular empty file|regular file|fifo)$/;

const expectedDirectories = new Set(["mount", "signals"]);

function expectedFiles(run: string): Set<string> {
  return new Set([
    "mount/NOT-MOUNTED",
    ...["mounted", "control", "consumer", "producer", "report-producer", "report-control", "taken"].map(
      (name) => `signals/${name}-${run}`,
    ),
  ]);
}

/** Nothing on the bridge can pass on the nonce: it contains only empty files with known names. */
export const bridgeClean: CheckDefinition = {
  name: "bridge-clean",
  expected: "nothing on the bridge but the test's empty files",
  cause: "control-failed",
  find: (observation) => {
    const { pods, question } = observation;
    const searched = only(pods.control.report, "searched");
    if (searched === undefined || !isWhole("control", observation)) return undefined;
    const found = all(pods.control.report, "underneath");
    const knownFiles = expectedFiles(question.run);
    const foreign = found.filter(
      ({ path, type, size }) =>
        !(type === "directory"
          ? expectedDirectories.has(path)
          : emptyFile.test(type) && knownFiles.has(path) && size === 0),
    );
    const whole = searched.found === found.length;
    const sentinelFound = found.some(({ path }) => path === "mount/NOT-MOUNTED");
    if (whole && foreign.length === 0 && !sentinelFound && producerEndedBefore(searched.time, observation))
      return undefined;
    const complete = whole && sentinelFound;
    return {
      observed:
        foreign.length > 0
          ? foreign.map(({ path }) => path).join(", ")
          : complete
            ? "nothing else"
            : `a report that is not complete: ${found.length} of ${searched.found}`,
      passed: foreign.length === 0 && complete,
      time: searched.time,
    };
  },
};
