import { bothRefuse, type Case, changed } from "./case";
import { POD, producer } from "./fixtures";

type Step = string | number;
export const container = ["spec", "containers", 0] as const;
export const security = [...container, "securityContext"] as const;

/** A pod of the test with one thing changed. */
export function pod(
  manifest: unknown,
  policy: string,
  what: string,
  path: readonly Step[],
  value: unknown,
): Case {
  const name = (manifest as typeof producer).metadata.name;
  return {
    title: `${name} with ${what}`,
    type: POD,
    props: changed(manifest, path, value),
    policies: [policy],
    ...bothRefuse,
  };
}

const literal = "the API server never sees how a value came about, and this one is right";

/** A producer with a value that exists only in Pulumi: a manifest cannot have it. */
export function onlyInPulumi(policy: string, what: string, path: readonly Step[], value: unknown): Case {
  return { ...pod(producer, policy, what, path, value), admission: "none", reason: literal };
}
