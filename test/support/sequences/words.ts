import type { Disturbance, SequenceSettings, Step } from "./sequence";

function disturbed(disturbance: Disturbance | undefined): string {
  if (disturbance === undefined) return "";
  const what = "signal" in disturbance ? disturbance.signal : `${disturbance.deletes.join(" and ")} deleted`;
  return `, ${what} ${disturbance.at.milliseconds} ms after line ${disturbance.at.lines}`;
}

function changed(change: Partial<SequenceSettings>): string {
  return Object.entries(change)
    .map(([key, value]) => ` with ${key} ${value ?? "as it is by default"}`)
    .join("");
}

/** A step in words, on one line. */
export function inWords(step: Step): string {
  switch (step.action) {
    case "up":
      return `up, ${step.run} run${changed(step.change)}${disturbed(step.disturbance)}`;
    case "destroy":
      return `destroy${disturbed(step.disturbance)}`;
    case "delete pods":
      return `${step.pods.join(" and ")} deleted by hand`;
  }
}
