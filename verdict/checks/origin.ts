import { ROLES } from "../../manifests/common";
import type { CheckDefinition } from "../check";
import { findForeign } from "../origin/foreign";

/** The API shows that the pods ran what this version ships, in this run. */
export const origin: CheckDefinition = {
  name: "origin",
  expected: "the pods of this version, with its programs and one image, in this run",
  cause: "foreign-pods",
  find: (observation) => {
    const { pods, programs, start } = observation;
    if (programs === undefined || ROLES.some((role) => pods[role].facts === undefined)) return undefined;
    const foreign = findForeign(observation);
    const time = Math.max(start, ...ROLES.map((role) => pods[role].facts?.created ?? 0));
    return { observed: foreign?.text ?? "as shipped", passed: foreign === undefined, time };
  },
};
