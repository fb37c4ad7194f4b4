import { steps, type Suite } from "../../config/suites";

/** What the examination's producer does at a time, by the name it gives it, in a person's words. */
export const stepWords: Readonly<Record<string, string>> = {
  containers: "containers start",
  matrix: "visibility matrix",
  kill: "killed daemons",
  hang: "hung daemon",
  restart: "container restart",
  delete: "pod deleted",
  evict: "pod evicted",
  speed: "speed",
  disappearance: "orderly stop",
};

/** A step for somebody who watches, with how often it is done where that is more than once. */
export function describeStep(name: string, suite: Suite): string {
  const times = steps(suite).filter((step) => step === name).length;
  const words = stepWords[name] ?? name;
  return times > 1 ? `${words} (${times})` : words;
}
