import type { ResourceValidationPolicy } from "@pulumi/policy";
import { IMAGE_BY_DIGEST, NAMESPACE } from "../rules/allowlist";
import { fieldAt, items, type Value } from "../rules/snapshot";
import { failingClosed, resourceOf } from "../rule-policy";

/** Returns the images of a pod of the test that are named by version; images of other stacks are not checked. */
function imagesByVersion(props: Value): Value[] {
  if (fieldAt(props, "metadata", "namespace") !== NAMESPACE) return [];
  const byDigest = new RegExp(IMAGE_BY_DIGEST, "u");
  return items(fieldAt(props, "spec", "containers")).flatMap((container) => {
    const image = fieldAt(container, "image");
    return typeof image === "string" && !byDigest.test(image) ? [image] : [];
  });
}

/** Recommends naming an image by digest, as an advisory policy: the image of a tag can change between two runs. */
export function digestAdvice(): ResourceValidationPolicy {
  return {
    name: "digest-advice",
    description: "An image is better named by digest than by version.",
    enforcementLevel: "advisory",
    validateResource: (args, report) => {
      failingClosed(args.name, report, () =>
        imagesByVersion(resourceOf(args).props).map(
          (image) =>
            `${args.name}: the image ${JSON.stringify(image)} is named by version; by digest (name@sha256:...) two runs test the same programs.`,
        ),
      );
    },
  };
}
