import type { Verdict } from "../protocol/verdict";

type Fact = keyof Verdict["run"];

/** Facts that a cause proves about a run, even if they could not be read. */
const PROVEN: Readonly<Record<string, Partial<Record<Fact, string>>>> = {
  "root-not-shared": { propagation: "private" },
  "node-missing": { kernel: "no such node", kubelet: "no such node", runtime: "no such node" },
  "image-unavailable": { imageDigest: "not on the node" },
};

/** Returns a run's facts in words. An unread fact is "unknown", unless the cause of the verdict proves it. */
export function factsOf({ run, cause }: Pick<Verdict, "run" | "cause">): Record<Fact, string> {
  const proven = PROVEN[cause] ?? {};
  const facts = Object.entries(run) as [Fact, string][];
  return Object.fromEntries(
    facts.map(([name, value]) => [name, value === "" ? (proven[name] ?? "unknown") : value]),
  ) as Record<Fact, string>;
}
