import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rulePolicy, type Scope } from "../rule-policy";

/** Only the producer is privileged; every other pod is not root and has no capabilities; no pod has a token or a namespace of the host. */
export function leastPrivilege(scope: Scope): ResourceValidationPolicy {
  return rulePolicy(scope, {
    name: "least-privilege",
    description:
      "Only the producer is privileged; every other pod is not root and has no capabilities; no pod has a token or a namespace of the host.",
    topics: ["privilege"],
    fix: "Give the pod the security context that its role has in policy/rules/roles.ts.",
  });
}
