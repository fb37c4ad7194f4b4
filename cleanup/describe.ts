import { pathOnNode } from "../manifests/janitor";
import type { JanitorOutcome } from "../protocol/janitor-log";
import type { CleanRequest } from "../protocol/cleanup-request";

interface Where extends Pick<CleanRequest, "node" | "hostPath"> {
  /** Runs that have just ended: what they left is no surprise. */
  readonly ended?: readonly string[];
}

/** How to do by hand what the janitor could not do. */
export function byHand({ node, hostPath }: Where): string {
  return `When ${node} is back, run: npm run clean. Or, as root on ${node}: umount -l every line of "grep ${hostPath} /proc/mounts", then rmdir what is below ${hostPath}, and ${hostPath}`;
}

/** Only what can be shown on one line: a pod's words can hold anything. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 300);
}

function times(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Returns the directories of runs that were removed, as the node knows them, except those of runs that just ended. */
function earlierDirectories({ removed }: JanitorOutcome, { hostPath, ended = [] }: Where): string[] {
  const known = new Set(ended.map((run) => `${hostPath}/${run}`));
  return removed
    .map((path) => plain(pathOnNode(path)))
    .filter((path) => path.slice(0, path.lastIndexOf("/")) === hostPath && !known.has(path));
}

/** What a janitor did, in lines for a person; none where there is nothing to say. */
export function describeOutcome(outcome: JanitorOutcome, where: Where): string[] {
  const { node, hostPath } = where;
  const mounts = outcome.unmounted.length;
  return [
    ...outcome.occupied.map(
      (path) =>
        `left on ${node}, because a producer still runs in it, of whose pod the API shows nothing: ${plain(pathOnNode(path))}. If it is no other test's, its kubelet has to end it. ${byHand(where)}`,
    ),
    ...(mounts === 0
      ? []
      : [`took ${times(mounts, "mount")} that an earlier run had left at ${hostPath} from ${node}`]),
    ...earlierDirectories(outcome, where).map(
      (path) => `removed from ${node} the directory that an earlier run had left: ${path}`,
    ),
    ...outcome.foreign.map(
      ({ path, type }) =>
        `left on ${node}, because it is not the test's: ${plain(pathOnNode(path))} (${plain(type)})`,
    ),
    ...outcome.stuck.map(
      ({ path, type }) =>
        `still mounted on ${node}: ${plain(pathOnNode(path))} (${plain(type)}). ${byHand(where)}`,
    ),
  ];
}

/** What to say of a node that could not be reached. */
export function describeUnreachable(where: Where, why: string): string {
  return `${where.node} could not be cleaned: ${plain(why)}. ${where.hostPath} and mounts below it may be left there. ${byHand(where)}`;
}
