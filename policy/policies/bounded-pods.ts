import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rulePolicy, type Scope } from "../rule-policy";

/** Every pod has requests, limits, a deadline and no restarts; the namespace has a quota. */
export function boundedPods(scope: Scope): ResourceValidationPolicy {
  return rulePolicy(scope, {
    name: "bounded-pods",
    description: "Every pod has requests, limits, a deadline and no restarts; the namespace has a quota.",
    topics: ["bounds"],
    fix: "Set requests and limits of cpu and memory, activeDeadlineSeconds up to 1800 and restartPolicy Never.",
  });
}
