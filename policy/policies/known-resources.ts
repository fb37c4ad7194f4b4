import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rulePolicy, type Scope } from "../rule-policy";

/** Only the objects of the program are allowed, field by field. */
export function knownResources(scope: Scope): ResourceValidationPolicy {
  return rulePolicy(scope, {
    name: "known-resources",
    description: "Only the objects of the program are allowed, field by field.",
    topics: ["resource"],
    fix: "Declare the test through the components of this project, or remove the resource.",
  });
}
