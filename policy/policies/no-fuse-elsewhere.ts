import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rulePolicy, type Scope } from "../rule-policy";

/** Everything that is or could be a FUSE test is a pod of the test. */
export function noFuseElsewhere(scope: Scope): ResourceValidationPolicy {
  return rulePolicy(scope, {
    name: "no-fuse-elsewhere",
    description: "Everything that is or could be a FUSE test is a pod of the test.",
    topics: ["fuse-elsewhere"],
    fix: "Remove the listed value, or run the test of this project on w2 in fuse-test.",
  });
}
