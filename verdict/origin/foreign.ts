import { PROGRAMS_NAME, ROLES } from "../../manifests/common";
import { hasStarted, type Observation } from "../observation";

/** A part of the test that is not this version's, and the difference. */
export interface Foreign {
  readonly about: string;
  readonly text: string;
}

/**
 * Finds a pod with another image: runtimes identify an image by its digest, and all pods of a run have one
 * image, on one node.
 */
function findOtherImage({ pods }: Observation): Foreign | undefined {
  const { producer } = pods;
  const first = producer.facts?.container.imageId ?? "";
  for (const role of ROLES) {
    const { facts } = pods[role];
    const other = facts?.container.imageId ?? "";
    if (first !== "" && other !== "" && other !== first && facts?.image === producer.facts?.image)
      return {
        about: role,
        text: `status.containerStatuses[0].imageID of the ${role}: expected ${first}, got ${other}`,
      };
  }
  return undefined;
}

/**
 * Finds the first difference between the pods of a run and what this version ships; undefined if there is
 * none so far.
 */
export function findForeign(observation: Observation): Foreign | undefined {
  const { pods, programs } = observation;
  for (const role of ROLES) {
    const difference = pods[role].facts?.difference;
    if (difference !== undefined) return { about: role, text: `pod fuse-${role}, ${difference}` };
  }
  // Before a pod has started, the ConfigMap may still be written.
  const difference = programs?.difference;
  if (difference !== undefined && Object.values(pods).some(hasStarted))
    return { about: PROGRAMS_NAME, text: `ConfigMap ${PROGRAMS_NAME}, ${difference}` };
  return findOtherImage(observation);
}
