import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rulePolicy, type Scope } from "../rule-policy";

/** Only the objects that the program makes are allowed, field by field. */
export function knownResources(scope: Scope): ResourceValidationPolicy {
  return rulePolicy(scope, {
    name: "known-resources",
    description: "Only the objects that the program makes are allowed, field by field.",
    topics: ["resource"],
    mend: "Declare the test through the components of this project, or remove the resource.",
  });
}
