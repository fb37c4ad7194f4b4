import { steps, type Suite } from "../../config/suites";

/** Titles of the steps of the examination's producer, by their names. */
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

/** Describes a step for display, with the number of its repetitions if there are several. */
export function describeStep(name: string, suite: Suite): string {
  const times = steps(suite).filter((step) => step === name).length;
  const words = stepWords[name] ?? name;
  return times > 1 ? `${words} (${times})` : words;
}
