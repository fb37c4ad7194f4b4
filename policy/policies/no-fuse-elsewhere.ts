import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rulePolicy, type Scope } from "../rule-policy";

/** What is a FUSE test, or could be one, is a pod of the test. */
export function noFuseElsewhere(scope: Scope): ResourceValidationPolicy {
  return rulePolicy(scope, {
    name: "no-fuse-elsewhere",
    description: "What is a FUSE test, or could be one, is a pod of the test.",
    topics: ["fuse-elsewhere"],
    mend: "Remove what makes it a FUSE test, or run the test of this project on w2 in fuse-test.",
  });
}
