import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rulePolicy, type Scope } from "../rule-policy";

/** The only directory of the node that a pod sees is that of its run below /tmp/fuse-test-bridge. */
export function bridgeOnly(scope: Scope): ResourceValidationPolicy {
  return rulePolicy(scope, {
    name: "bridge-only",
    description:
      "The only directory of the node that a pod sees is that of its run below /tmp/fuse-test-bridge.",
    topics: ["host-path"],
    fix: "Use the hostPath /tmp/fuse-test-bridge/RUN, spelled so, and no other volume.",
  });
}
