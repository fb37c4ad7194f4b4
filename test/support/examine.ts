import type { V1Pod } from "@kubernetes/client-node";
import type { Evidence } from "../../verdict/suites/evidence";
import { runExamination } from "../../verdict/suites/run";
import { refusedCells, type Suite } from "../../config/suites";
import {
  examinationConsumerManifest,
  examinationProducerManifest,
  refusedManifest,
} from "../../manifests/examination";
import { connect } from "../../kube/client";
import type { Scene } from "./bench";

/** Carries out a suite's examination where a scenario plays. What plays there removes its pods with the others. */
export async function examineScene(
  { core, settings, cluster }: Scene,
  suite: Exclude<Suite, "quick">,
): Promise<Evidence> {
  const producer = examinationProducerManifest(settings, suite);
  const consumer = examinationConsumerManifest(settings, suite);
  const { namespace, run } = settings;
  for (const body of [producer, consumer] as unknown as V1Pod[]) {
    await core.createNamespacedPod({ namespace, body });
  }
  return runExamination({
    ...{ namespace, run, suite, producer, consumer },
    client: connect(cluster),
    start: Date.now(),
    refused: refusedCells(suite).map((cell) => ({ cell, pod: refusedManifest(settings, cell) })),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}
