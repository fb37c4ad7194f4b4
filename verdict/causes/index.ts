import type { Cause } from "../cause";
import { contentMismatch } from "./content-mismatch";
import { controlFailed } from "./control-failed";
import { driverCrashed } from "./driver-crashed";
import { imageUnavailable } from "./image-unavailable";
import { interrupted } from "./interrupted";
import { nodeMissing } from "./node-missing";
import { notPropagated } from "./not-propagated";
import { rootNotShared } from "./root-not-shared";
import { timedOut } from "./timed-out";
import { wrongFilesystem } from "./wrong-filesystem";

/** The catalogue. Where several causes are seen, the first in this list is the root of the others. */
export const causes: readonly Cause[] = [
  nodeMissing,
  imageUnavailable,
  rootNotShared,
  driverCrashed,
  controlFailed,
  wrongFilesystem,
  notPropagated,
  contentMismatch,
  interrupted,
  timedOut,
];
