import { pathOnNode } from "../manifests/janitor";
import type { JanitorOutcome } from "../protocol/janitor-log";
import type { CleanRequest } from "../protocol/cleanup-request";

interface Where extends Pick<CleanRequest, "node" | "hostPath"> {
  /** Runs that have just ended: their leftovers are expected. */
  readonly ended?: readonly string[];
}

/** Describes how to clean up manually what the janitor could not remove. */
function manualSteps({ node, hostPath }: Where): string {
  return `When ${node} is back, run: npm run clean. Or, as root on ${node}: run umount -l on every line of "grep ${hostPath} /proc/mounts", then rmdir the directories below ${hostPath}, and ${hostPath}`;
}

/** Replaces everything that cannot be shown on one line: a pod can print anything. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 300);
}

/**
 * Returns the directories of runs that were removed, as paths on the node, except those of runs that just
 * ended.
 */
function earlierDirectories({ removed }: JanitorOutcome, { hostPath, ended = [] }: Where): string[] {
  const known = new Set(ended.map((run) => `${hostPath}/${run}`));
  return removed
    .map((path) => plain(pathOnNode(path)))
    .filter((path) => path.slice(0, path.lastIndexOf("/")) === hostPath && !known.has(path));
}

/** Describes a janitor's outcome in lines for the user; none if there is nothing to report. */
export function describeOutcome(outcome: JanitorOutcome, where: Where): string[] {
  const { node, hostPath } = where;
  const mounts = outcome.unmounted.length;
  return [
    ...outcome.occupied.map(
      (path) =>
        `left on ${node}, because a producer whose pod is no longer in the API still runs in it: ${plain(pathOnNode(path))}. If it does not belong to another test, only the kubelet can stop it. ${manualSteps(where)}`,
    ),
    ...(mounts === 0
      ? []
      : [`removed ${mounts} mount${mounts === 1 ? "" : "s"} of an earlier run at ${hostPath} on ${node}`]),
    ...earlierDirectories(outcome, where).map(
      (path) => `removed the directory of an earlier run on ${node}: ${path}`,
    ),
    ...outcome.foreign.map(
      ({ path, type }) =>
        `left on ${node}, because it is not the test's: ${plain(pathOnNode(path))} (${plain(type)})`,
    ),
    ...outcome.stuck.map(
      ({ path, type }) =>
        `still mounted on ${node}: ${plain(pathOnNode(path))} (${plain(type)}). ${manualSteps(where)}`,
    ),
  ];
}

/** Describes that a node could not be reached. */
export function describeUnreachable(where: Where, why: string): string {
  return `${where.node} could not be cleaned: ${plain(why)}. ${where.hostPath} and mounts below it may still be there. ${manualSteps(where)}`;
}
