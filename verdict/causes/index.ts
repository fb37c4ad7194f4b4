import type { Cause } from "../cause";
import type { Question } from "../observation";
import type { Message } from "../../kube/message";
import { accessDenied } from "./access-denied";
import { admissionDenied } from "./admission-denied";
import { bridgeInaccessible } from "./bridge-inaccessible";
import { bidirectionalNeedsPrivileged } from "./bidirectional-needs-privileged";
import { clusterUnreachable } from "./cluster-unreachable";
import { contentMismatch } from "./content-mismatch";
import { controlFailed } from "./control-failed";
import { driverCrashed } from "./driver-crashed";
import { driverMissing } from "./driver-missing";
import { fuseDeviceDenied } from "./fuse-device-denied";
import { fuseDeviceMissing } from "./fuse-device-missing";
import { foreignPods } from "./foreign-pods";
import { hostpathType } from "./hostpath-type";
import { imageUnavailable } from "./image-unavailable";
import { interrupted } from "./interrupted";
import { mountHung } from "./mount-hung";
import { mountNotPermitted } from "./mount-not-permitted";
import { mountPointNotEmpty } from "./mount-point-not-empty";
import { mountStale } from "./mount-stale";
import { nodeAffinity } from "./node-affinity";
import { nodeCordoned } from "./node-cordoned";
import { nodeMissing } from "./node-missing";
import { nodeNotReady } from "./node-not-ready";
import { nodeOutOfResources } from "./node-out-of-resources";
import { notPropagated } from "./not-propagated";
import { observationFailed } from "./observation-failed";
import { permissionDenied } from "./permission-denied";
import { findFailed, podFailed } from "./pod-failed";
import { quotaExceeded } from "./quota-exceeded";
import { rootNotShared } from "./root-not-shared";
import { sandboxFailed } from "./sandbox-failed";
import { staleMountAtStart } from "./stale-mount-at-start";
import { findUnknown, startFailed } from "./start-failed";
import { taintNotTolerated } from "./taint-not-tolerated";
import { timedOut } from "./timed-out";
import { toolMissing } from "./tool-missing";
import { tooManyMounts } from "./too-many-mounts";
import { userAllowOtherUnset } from "./user-allow-other-unset";
import { findUnknownWords } from "./words-before-start";
import { wrongArchitecture } from "./wrong-architecture";
import { wrongFilesystem } from "./wrong-filesystem";

/**
 * Returns true if a message means a cause of its own, so that none of the causes for unknown messages may
 * claim it.
 */
function isKnown(message: Message, question: Question): boolean {
  return causes.some(({ recognise }) => recognise.means?.(message, question) === true);
}

/**
 * The catalogue. If several causes are recognised, the first in this list is the root of the others: causes
 * that stop a run early precede those that show late.
 */
export const causes: readonly Cause[] = [
  clusterUnreachable,
  permissionDenied,
  nodeMissing,
  nodeNotReady,
  nodeCordoned,
  taintNotTolerated,
  nodeAffinity,
  nodeOutOfResources,
  quotaExceeded,
  bidirectionalNeedsPrivileged,
  admissionDenied,
  foreignPods,
  imageUnavailable,
  sandboxFailed,
  staleMountAtStart,
  hostpathType,
  rootNotShared,
  { ...podFailed, recognise: (observation) => findFailed(observation, isKnown) },
  {
    ...startFailed,
    recognise: (observation) => findUnknown(observation, isKnown) ?? findUnknownWords(observation),
  },
  bridgeInaccessible,
  wrongArchitecture,
  toolMissing,
  driverMissing,
  fuseDeviceMissing,
  fuseDeviceDenied,
  userAllowOtherUnset,
  tooManyMounts,
  mountNotPermitted,
  mountPointNotEmpty,
  driverCrashed,
  observationFailed,
  controlFailed,
  accessDenied,
  mountStale,
  mountHung,
  wrongFilesystem,
  contentMismatch,
  notPropagated,
  interrupted,
  timedOut,
];
