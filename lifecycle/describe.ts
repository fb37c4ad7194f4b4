import { pathOnNode } from "../manifests/janitor";
import type { JanitorOutcome } from "./outcome";
import type { CleanRequest } from "./request";

type Where = Pick<CleanRequest, "node" | "hostPath">;

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

/** What a janitor did, in lines for a person; none where there is nothing to say. */
export function describeOutcome(outcome: JanitorOutcome, where: Where): string[] {
  const { node, hostPath } = where;
  const mounts = outcome.unmounted.length;
  return [
    ...(outcome.occupied
      ? [
          `a producer that the API does not know any more still runs on ${node}: its kubelet has to end it. ${byHand(where)}`,
        ]
      : []),
    ...(mounts === 0
      ? []
      : [`took ${times(mounts, "mount")} that an earlier run had left at ${hostPath} from ${node}`]),
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
