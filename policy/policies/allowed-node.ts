import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rulePolicy, type Scope } from "../rule-policy";

/** Every pod of the test names the node w2 or k3s-w2, and nothing else chooses its node. */
export function allowedNode(scope: Scope): ResourceValidationPolicy {
  return rulePolicy(scope, {
    name: "allowed-node",
    description: "Every pod of the test names the node w2 or k3s-w2, and nothing else chooses its node.",
    topics: ["node"],
    fix: "Set spec.nodeName to the node of the test as a literal, and remove whatever else chooses a node.",
  });
}
