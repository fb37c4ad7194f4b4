import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { Scope } from "../rule-policy";
import { allowedNamespace } from "./allowed-namespace";
import { allowedNode } from "./allowed-node";
import { boundedPods } from "./bounded-pods";
import { bridgeOnly } from "./bridge-only";
import { digestAdvice } from "./digest-advice";
import { knownCommands } from "./known-commands";
import { knownResources } from "./known-resources";
import { leastPrivilege } from "./least-privilege";
import { noFuseElsewhere } from "./no-fuse-elsewhere";
import { pinnedImages } from "./pinned-images";

/** The policies of the pack. */
export const POLICIES: readonly ((scope: Scope) => ResourceValidationPolicy)[] = [
  allowedNode,
  allowedNamespace,
  knownResources,
  leastPrivilege,
  bridgeOnly,
  boundedPods,
  pinnedImages,
  knownCommands,
  noFuseElsewhere,
  digestAdvice,
];
