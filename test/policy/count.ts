import { type Answer, type Case } from "./cases/case";
import { GROUPS } from "./cases";

function count(cases: readonly Case[], point: "organization" | "admission", answer: Answer): number {
  return cases.filter((one) => one[point] === answer).length;
}

function row(name: string, cases: readonly Case[]): Record<string, string | number> {
  return {
    group: name,
    cases: cases.length,
    "pack refuses": count(cases, "organization", "refused"),
    "pack allows": count(cases, "organization", "allowed"),
    "guard refuses": count(cases, "admission", "refused"),
    "guard allows": count(cases, "admission", "allowed"),
    "guard never sees": count(cases, "admission", "none"),
  };
}

const all = Object.values<readonly Case[]>(GROUPS).flat();
const differing = all.filter(
  ({ organization, admission }) => admission !== "none" && organization !== admission,
);

// Prints the cases by group and enforcement point, and the cases in which the two enforcement points differ.
console.table([...Object.entries(GROUPS).map(([name, cases]) => row(name, cases)), row("all", all)]);
for (const { title, organization, admission, reason } of differing) {
  console.log(`${title}: pack ${organization}, guard ${admission}: ${reason ?? ""}`);
}
