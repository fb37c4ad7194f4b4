import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rulePolicy, type Scope } from "../rule-policy";

/** Everything of the test names the namespace fuse-test, and nothing else is in it. */
export function allowedNamespace(scope: Scope): ResourceValidationPolicy {
  return rulePolicy(scope, {
    name: "allowed-namespace",
    description: "Everything of the test names the namespace fuse-test, and nothing else is in it.",
    topics: ["namespace"],
    fix: "Set metadata.namespace to fuse-test as a literal for an object of the test; give anything else a namespace of its own.",
  });
}
