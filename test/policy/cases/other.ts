import { bothRefuse, type Case } from "./case";
import { nginx } from "./fixtures";

/** The policy for resources outside the test. */
export const elsewhere = "no-fuse-elsewhere";

const onlyCrossGuard = "the API server has no such kind, or leaves it to the pods that come of it";

/** A resource that is no pod of the test: the project always refuses it. */
export function other(title: string, type: string, props: unknown, more: Partial<Case>): Case {
  return { title, type, props, policies: ["known-resources"], ...bothRefuse, ...more };
}

/** A thing that the API server never sees. */
export const seen = { admission: "none", reason: onlyCrossGuard } as const;

const byRbac = "who may do that is for RBAC to say";
/** A thing that other means than these rules are for. */
export const rights = { admission: "none", reason: byRbac } as const;

/** A PersistentVolume that declares a source. */
export function persistentVolume(what: string, source: object, more: Partial<Case>): Case {
  const spec = { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteMany"], ...source };
  const props = { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "volume" }, spec };
  return other(`a PersistentVolume ${what}`, "kubernetes:core/v1:PersistentVolume", props, more);
}

/** A volume of the node. */
export const volume = (hostPath: unknown) => ({ volumes: [{ name: "v", hostPath }] });
/** A spec with one container. */
export const withContainer = (more: Record<string, unknown>) => ({ containers: [{ ...nginx, ...more }] });
/** Privilege. */
export const privileged = { securityContext: { privileged: true } };
/** The public image of rclone. */
export const rclone = { image: "docker.io/rclone/rclone:1.71.2" };
