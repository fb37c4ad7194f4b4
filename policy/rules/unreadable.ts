import type { Violation } from "./check";
import { finding, type Part } from "./pod-parts";
import { children, isOpaque } from "./tree";

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Fields of a container that hold no device, no directory of the node and no privilege. */
const OF_CONTAINER = words(`
  args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resizePolicy
  restartPolicy restartPolicyRules startupProbe stdin stdinOnce targetContainerName terminationMessagePath
  terminationMessagePolicy tty workingDir resources.limits.* resources.requests.* securityContext.runAsUser
  securityContext.runAsGroup securityContext.runAsNonRoot securityContext.readOnlyRootFilesystem
  securityContext.allowPrivilegeEscalation securityContext.seccompProfile securityContext.seLinuxOptions
  securityContext.appArmorProfile securityContext.windowsOptions volumeMounts[].mountPath volumeMounts[].readOnly
  volumeMounts[].recursiveReadOnly volumeMounts[].subPath volumeMounts[].subPathExpr`);

/** Sources of a volume that are no directory of the node and no image. */
const OF_VOLUME = words(`
  awsElasticBlockStore azureDisk azureFile cephfs cinder configMap csi downwardAPI emptyDir ephemeral fc flexVolume
  flocker gcePersistentDisk gitRepo glusterfs hostPath.path hostPath.type image.pullPolicy image.reference iscsi nfs
  persistentVolumeClaim photonPersistentDisk portworxVolume projected quobyte rbd scaleIO secret storageos
  vsphereVolume`);

/** Fields of a pod that hold none of these either. */
const OF_POD = words(`
  activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases
  hostIPC hostNetwork hostPID hostUsers hostname imagePullSecrets nodeName nodeSelector os overhead preemptionPolicy
  priority priorityClassName readinessGates restartPolicy runtimeClassName schedulerName schedulingGates
  securityContext serviceAccount serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain
  terminationGracePeriodSeconds tolerations topologySpreadConstraints`);

/**
 * The fields of a pod's spec that may be unknown or secret, as paths. All others may not: a field that Kubernetes adds
 * is refused until it is added here after a review. Some of these are judged elsewhere.
 */
const MAY_BE_OPAQUE: ReadonlySet<string> = new Set([
  ...OF_POD,
  ...["containers", "initContainers", "ephemeralContainers"].flatMap((list) =>
    OF_CONTAINER.map((field) => `${list}[].${field}`),
  ),
  ...OF_VOLUME.map((field) => `volumes[].${field}`),
]);

/** Requirement for an opaque value. */
const READABLE = "a value that is known and not secret";

function allowed(place: string): boolean {
  return MAY_BE_OPAQUE.has(place) || MAY_BE_OPAQUE.has(place.replace(/\.[^.[\]]+$/, ".*"));
}

/** Returns every value of a pod's spec that could be a device, a directory or privilege, and cannot be read. */
export function unreadableInPod(spec: Part, place = ""): Violation[] {
  if (allowed(place)) return [];
  if (isOpaque(spec.value)) return [finding(spec.path, spec.value, READABLE)];
  return children(spec).flatMap((child) => {
    const item = Array.isArray(spec.value);
    const next = item ? `${place}[]` : place === "" ? child.key : `${place}.${child.key}`;
    return unreadableInPod(child, next);
  });
}

/** Names of fields with one text or number in every object: a password contains no object. */
const ONE_TEXT =
  /(password|passwd|token|secret|apikey|key|user|username|host|hostname|url|uri|endpoint|domain|email|id|arn|tag|digest|version|port|cert|certificate|ca|cabundle|region|zone|bucket|database|account|address|ip|issuer|checksum|replicas|enabled|size|storageclass|storageclassname)$/i;

/** Returns true if a field of an unknown kind can only have one text or number, by its name. */
export function isOneText(key: string): boolean {
  return ONE_TEXT.test(key.replaceAll(/[_-]/g, ""));
}

/** Returns a violation for a value that cannot be read and could be an object, a name or a namespace. */
export function unreadable({ path, value }: Part): Violation[] {
  return isOpaque(value) ? [finding(path, value, READABLE)] : [];
}
