import type { ResourceValidationPolicy } from "@pulumi/policy";
import { IMAGE_BY_DIGEST } from "../../rules/allowed";
import { fieldAt, items } from "../../rules/values";
import { failingClosed, resourceOf } from "../rule-policy";

/** Advises, and no more, to name an image by digest: what a tag means can change between two runs. */
export function digestAdvice(): ResourceValidationPolicy {
  return {
    name: "digest-advice",
    description: "An image is better named by digest than by version.",
    enforcementLevel: "advisory",
    validateResource: (args, report) => {
      failingClosed(args.name, report, () =>
        items(fieldAt(resourceOf(args).props, "spec", "containers"))
          .map((container) => fieldAt(container, "image"))
          .filter((image) => typeof image === "string" && !new RegExp(IMAGE_BY_DIGEST, "u").test(image))
          .map(
            (image) =>
              `${args.name}: the image ${JSON.stringify(image)} is named by version; by digest (name@sha256:...) two runs test the same programs.`,
          ),
      );
    },
  };
}
