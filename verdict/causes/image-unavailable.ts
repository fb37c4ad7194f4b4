import { byAny, byReason, byText, type Cause } from "../cause";
import type { Question } from "../observation";

/** Messages of a registry or a runtime, their meaning, and the next step. */
interface Trouble {
  readonly words: RegExp;
  readonly meaning: string;
  readonly step: (question: Question) => string;
}

const ctr = "ctr --namespace k8s.io images import FILE";

/**
 * The first that matches gives the reason: old and new texts of containerd, CRI-O (containers/image) and
 * Docker.
 */
const troubles: readonly Trouble[] = [
  {
    words: /toomanyrequests|too many requests|rate limit|\b429\b/i,
    meaning: "its registry limits how often images may be pulled",
    step: () =>
      `Wait until the limit is over, give the node credentials for its registry, or import the image: ${ctr}`,
  },
  {
    words: /proxyconnect|407 Proxy|Proxy Authentication Required/i,
    meaning: "the proxy between the node and its registry refuses, or cannot be reached",
    step: ({ node }) =>
      `On ${node}, check the proxy of the runtime: systemctl show containerd crio k3s --property Environment`,
  },
  {
    words: /certificate has expired|not yet valid/i,
    meaning: "the certificate of its registry is not valid at the node's time",
    step: ({ node }) =>
      `On ${node}, compare the time with the certificate's: date, and openssl s_client -connect HOST:443`,
  },
  {
    words: /x509|certificate|unknown authority/i,
    meaning: "the node does not trust the certificate of its registry",
    step: ({ node }) =>
      `Give ${node}'s runtime the registry's CA (containerd: /etc/containerd/certs.d/HOST/hosts.toml, k3s: /etc/rancher/k3s/registries.yaml, CRI-O: /etc/containers/certs.d/HOST)`,
  },
  {
    words: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/i,
    meaning: "its registry serves HTTP, and the node uses HTTPS",
    step: ({ node }) =>
      `Name the registry with http:// in the configuration of ${node}'s runtime (hosts.toml, registries.yaml, or registries.conf with insecure = true), or serve it by HTTPS`,
  },
  {
    words:
      /no match for platform|no matching manifest|no image found in (?:manifest list|image index)|choosing image instance/i,
    meaning: "it has no variant for the node's platform",
    step: ({ node }) =>
      `Check the node's platform: kubectl get node ${node} --output jsonpath={.status.nodeInfo.architecture}, and use an image that has it`,
  },
  {
    words:
      /\bdial\b|\blookup\b|no such host|i\/o timeout|deadline exceeded|connection (?:refused|reset)|no route|unreachable|\bEOF\b/i,
    meaning: "the node does not reach its registry",
    step: ({ node }) =>
      `On ${node}, check DNS, the proxy and the firewall for the registry: crictl pull IMAGE`,
  },
  {
    words: /does not have the proper (?:auth|credentials)|credentials? verification/i,
    meaning: "it is on the node, but was pulled with credentials that these pods do not have",
    step: ({ namespace }) =>
      `Give the namespace's service account the pull secret: kubectl --namespace ${namespace} get serviceaccount default --output yaml`,
  },
  {
    words:
      /unauthorized|authentication required|(?<!permission )denied|forbidden|no basic auth credentials|authorization failed/i,
    meaning: "its registry requires credentials that the node does not have, or has no such image",
    step: ({ namespace }) =>
      `Give the node credentials for the registry, or the namespace's service account a pull secret: kubectl --namespace ${namespace} get serviceaccount default --output yaml`,
  },
  {
    words: /never pull|pull policy of Never|ErrImageNeverPull/i,
    meaning: "it is not on the node, and may not be pulled",
    step: ({ node }) => `Import it on ${node}: ${ctr}`,
  },
  {
    words:
      /InvalidImageName|Failed to apply default image tag|couldn't parse image|invalid reference format/i,
    meaning: "that is no name of an image",
    step: () => "Write the name as REGISTRY/NAME:VERSION: pulumi config set fuse-test:image NAME:VERSION",
  },
  {
    words: /not found|manifest unknown|name unknown|does not exist|no such/i,
    meaning: "its registry has none like that",
    step: ({ image }) =>
      `Check the name and version: pulumi config set fuse-test:image NAME:VERSION (it is ${image})`,
  },
  {
    words: /5\d\d (?:Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)/i,
    meaning: "its registry has an error of its own",
    step: () => "Try again when the registry works, or use an image of another registry",
  },
  {
    words: /no space left|disk quota/i,
    meaning: "the node's disk is full",
    step: ({ node }) => `Make room on ${node}: crictl rmi --prune, df --human-readable /var/lib`,
  },
  {
    words: /signature|policy/i,
    meaning: "the node's policy does not accept its signature",
    step: ({ node }) => `On ${node}, check the policy: cat /etc/containers/policy.json`,
  },
];

/** Names and addresses in a message: any word can be in them. */
const names = /"(?:[^"\\]|\\.)*"|\b(?:https?|docker):\/\/\S+|\bsha\d+:[0-9a-f]+/g;

function troubleOf(text: string, { image }: Question): Trouble | undefined {
  const rest = text.replace(names, '""').replaceAll(image, '""');
  return troubles.find(({ words }) => words.test(rest));
}

/** The kubelet cannot get the image. */
export const imageUnavailable: Cause = {
  code: "image-unavailable",
  verdict: "ERROR",
  recognise: byAny(
    // Texts before reasons, which are less specific: a state's text changes while the kubelet retries.
    byText(
      "kubelet",
      /Failed to pull image "/,
      /^Failed to inspect image "/,
      /is not present with pull policy of Never/,
      /Failed to apply default image tag/,
      /couldn't parse image (?:name|reference)/,
    ),
    byReason(
      "ErrImagePull",
      "ErrImageNeverPull",
      "InvalidImageName",
      "ImageInspectError",
      "RegistryUnavailable",
      "SignatureValidationFailed",
      "ImagePullBackOff",
    ),
    byText("kubelet", /^Error: (?:ErrImage|ImagePull|InvalidImageName|ImageInspect)/),
  ),
  summarise: (question, { text }) => {
    const { node, image } = question;
    const trouble = troubleOf(text, question);
    const why = trouble === undefined ? "" : `: ${trouble.meaning}`;
    return `Node ${node} has no image ${image} and cannot get it${why} (${text})`;
  },
  nextSteps: (question, { text }) => {
    const { image, namespace } = question;
    const trouble = troubleOf(text, question);
    return [
      ...(trouble === undefined ? [] : [trouble.step(question)]),
      `Read why: kubectl --namespace ${namespace} get events --field-selector reason=Failed`,
      `Check the name: pulumi config set fuse-test:image NAME:VERSION (it is ${image})`,
      `An image can be imported on the node: ${ctr}`,
    ];
  },
};
