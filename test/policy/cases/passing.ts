import { bothAllow, type Case } from "./case";
import { consumer, control, examined, POD, podSettings, producer } from "./fixtures";

import { producerManifest } from "../../../manifests/producer";
import { janitorManifest } from "../../../manifests/janitor";
import { cleanerManifest } from "../../../manifests/cleaner";
import { consumerManifest } from "../../../manifests/consumer";
import { judgedByConsumer } from "../../../manifests/gitops";
import { cleanRequest } from "../../../protocol/cleanup-request-of";

const digest = "a".repeat(64);
const judged = judgedByConsumer(podSettings);
const looking = { role: "control", mountPropagation: "None" } as const;
const own = [
  ...[producer, consumer, control, ...examined],
  // As GitOps deploys them.
  ...[producerManifest(judged), consumerManifest(judged, looking), cleanerManifest(judged)],
];

/** A pod that the program creates in a configuration. */
function passing(title: string, props: unknown): Case {
  return { title, type: POD, props, policies: [], ...bothAllow };
}

const variations = {
  "the other name of the node": { node: "k3s-w2" },
  "the longest timeout": { timeoutSeconds: 1500 },
  "no toleration": { tolerations: [] },
  "a toleration of any value": { tolerations: [{ key: "dedicated", operator: "Exists" as const }] },
  "a public image by version": { image: "docker.io/rclone/rclone:1.71.2" },
  "a public image with a port in no place": { image: `quay.io/org/image:v1@sha256:${digest}` },
  "an image of a registry with a port": { image: `registry.example:5000/a/b@sha256:${digest}` },
  "another run": { run: "2026-11-23-1" },
  "an image that is there": { imagePullPolicy: "Never" as const },
};

const request = cleanRequest({
  pods: podSettings,
  hostPath: "/tmp/fuse-test-bridge",
  access: {},
  keepNamespace: false,
});

/** Every pod that the program creates. */
export const passingPods: readonly Case[] = [
  ...own.map((manifest, index) => passing(`${manifest.metadata.name} as it is (${index})`, manifest)),
  ...Object.entries(variations).flatMap(([what, settings]) => [
    passing(`fuse-producer with ${what}`, producerManifest({ ...podSettings, ...settings })),
  ]),
  ...(["Bidirectional", "None"] as const).map((mountPropagation) =>
    passing(
      `fuse-janitor with ${mountPropagation}`,
      janitorManifest(request, {
        image: podSettings.image,
        mountPropagation,
        runs:
          mountPropagation === "None"
            ? { ended: [], inProgress: [], awaited: true }
            : { ended: ["1", "a.b_c-2"], inProgress: ["2"], awaited: false },
      }),
    ),
  ),
];
