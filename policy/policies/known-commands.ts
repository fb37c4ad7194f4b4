import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rulePolicy, type Scope } from "../rule-policy";

/** Only the program's own commands run, on this machine and in the pods. */
export function knownCommands(scope: Scope): ResourceValidationPolicy {
  return rulePolicy(scope, {
    name: "known-commands",
    description: "Only the program's own commands run, on this machine and in the pods.",
    topics: ["command"],
    fix: "Use the command of the program, unchanged.",
  });
}
