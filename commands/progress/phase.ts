import type { EngineEvent } from "./engine-event";

/** The phases of a run and of its removal, with what each does. */
export const phaseTitles = {
  engine: "start the engine",
  policies: "load the policies",
  program: "load the program",
  refresh: "refresh the state from the cluster",
  guard: "create the guard's policies",
  clear: "remove the earlier pods",
  prepare: "create the namespace",
  preflight: "check the node and the permissions",
  pods: "create producer, consumer and control",
  verdict: "mount, and read from the other pod",
  examination: "run the examination",
  cleanup: "clean up",
} as const;

/** A phase of a run or of its removal. */
export type PhaseName = keyof typeof phaseTitles;

/** Phases before the first resource, in order. */
export const startPhases = ["engine", "policies", "program"] as const satisfies readonly PhaseName[];

type Resource = EngineEvent & { readonly kind: "resource" };

const isPod = ({ type }: Resource): boolean => type === "kubernetes:core/v1:Pod";

/** Returns the phase of a deletion; undefined for a resource that the cleanup removes, which the engine only forgets. */
function phaseOfRemoval(resource: Resource): PhaseName | undefined {
  if (resource.name.endsWith("-cleanup")) return "cleanup";
  return isPod(resource) && resource.operation === "delete-replaced" ? "clear" : undefined;
}

/** Returns the phase that a resource belongs to, by its name in components/; undefined for one that takes no time. */
export function phaseOf(resource: Resource): PhaseName | undefined {
  const { operation, name, type } = resource;
  if (type.startsWith("pulumi:") || type.startsWith("fuse-test:")) return undefined;
  if (operation.includes("delete")) return phaseOfRemoval(resource);
  if (operation === "refresh") return "refresh";
  if (type.startsWith("kubernetes:admissionregistration")) return "guard";
  if (name.endsWith("-cleanup")) return operation === "update" ? "cleanup" : "prepare";
  if (name.endsWith("-preflight")) return "preflight";
  if (name.includes("-examination")) return "examination";
  if (name.endsWith("-verdict")) return "verdict";
  if (isPod(resource)) return "pods";
  return "prepare";
}
