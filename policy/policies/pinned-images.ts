import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rulePolicy, type Scope } from "../rule-policy";

/** Images are named by digest, or public ones by a version. */
export function pinnedImages(scope: Scope): ResourceValidationPolicy {
  return rulePolicy(scope, {
    name: "pinned-images",
    description: "Images are named by digest, or public ones by a version.",
    topics: ["image"],
    fix: "Name the image by digest: name@sha256:...",
  });
}
