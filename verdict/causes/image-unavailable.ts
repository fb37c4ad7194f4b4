import { byAny, byReason, byText, type Cause } from "../cause";

/** The kubelet cannot get the image. */
export const imageUnavailable: Cause = {
  code: "image-unavailable",
  verdict: "ERROR",
  recognise: byAny(
    byReason(
      "ErrImagePull",
      "ImagePullBackOff",
      "ErrImageNeverPull",
      "InvalidImageName",
      "ImageInspectError",
      "RegistryUnavailable",
      "SignatureValidationFailed",
    ),
    byText(
      "kubelet",
      /Failed to pull image/,
      /is not present with pull policy of Never/,
      /Failed to apply default image tag/,
      /couldn't parse image (?:name|reference)/,
    ),
  ),
  summarise: ({ node, image }) => `Node ${node} has no image ${image} and cannot get it`,
  nextSteps: ({ image, namespace }) => [
    `Read why: kubectl --namespace ${namespace} get events --field-selector reason=Failed`,
    `Check the name: pulumi config set fuse-test:image NAME:VERSION (it is ${image})`,
    "A private registry needs credentials on the node, or the image can be imported there: ctr --namespace k8s.io images import FILE",
  ],
};
