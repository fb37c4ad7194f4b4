import { type ApiException, KubernetesObjectApi, type V1Pod } from "@kubernetes/client-node";
import { poll, within } from "../../kube/wait";
import type { Client } from "../../kube/client";
import { type Evidence, PRODUCER, type Refusal } from "./evidence";
import { type Journal, parseJournal, parseProgress } from "../../protocol/suite-log";
import { describeStep } from "./labels";
import type { MatrixContainer } from "../../config/visibility-matrix";
import { examinationSeconds, type Suite } from "../../config/suites";

/** Size limit of a container's log, in bytes; the rest is not read: a pod can print anything. */
const LOG_LIMIT_BYTES = 4 * 1024 * 1024;

/** Interval at which the pods are read, in milliseconds. The measurements are made by the pods themselves. */
const POLL_MILLISECONDS = 200;

/** Time that the last containers may take to terminate after the producer did, in milliseconds. */
const END_MILLISECONDS = 10_000;

/** Time that the producer's pod may take to be deleted, in seconds: its grace period is 10. */
const GONE_SECONDS = 60;

/** Error of a pod that still exists although it was deleted or evicted. */
class PodNotGoneError extends Error {
  constructor(pod: string, scenario: "delete" | "evict", seconds: number) {
    const action = scenario === "delete" ? "deleted" : "evicted";
    super(`the pod ${pod} still exists ${seconds} s after it was ${action}`);
    this.name = "PodNotGoneError";
  }
}

/** The fields of a pod's manifest that the examination needs. */
interface PodManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly containers: readonly { readonly name: string }[] };
}

export interface ExaminationOptions {
  readonly client: Client;
  readonly namespace: string;
  readonly run: string;
  readonly suite: Exclude<Suite, "quick">;
  /** Milliseconds since 1970: the zero of the run. */
  readonly start: number;
  readonly producer: PodManifest;
  readonly consumer: PodManifest;
  /** Pods that the API server must refuse. */
  readonly refused: readonly { readonly cell: MatrixContainer; readonly pod: PodManifest }[];
  readonly signal: AbortSignal;
  /** Time that the producer's pod may take to be deleted, in seconds; 60 by default. */
  readonly goneSeconds?: number;
  /** Called whenever the producer begins another step. */
  readonly onProgress: (step: string) => void;
}

function isMissing(error: unknown): boolean {
  return (error as Partial<ApiException<unknown>>).code === 404;
}

async function readLines(options: ExaminationOptions, pod: string, container: string): Promise<string[]> {
  const { client, namespace } = options;
  try {
    const log = await client.core.readNamespacedPodLog({
      name: pod,
      namespace,
      container,
      limitBytes: LOG_LIMIT_BYTES,
    });
    return log.split("\n");
  } catch {
    // A container that has not started yet, or is between two starts, has no log; the next poll finds it.
    return [];
  }
}

async function readPod(options: ExaminationOptions, name: string): Promise<V1Pod | undefined> {
  try {
    return await options.client.core.readNamespacedPod({ name, namespace: options.namespace });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Requests pods that the API server must refuse, as a dry run. */
async function tryRefused(options: ExaminationOptions): Promise<Refusal[]> {
  const api = KubernetesObjectApi.makeApiClient(options.client.config);
  return Promise.all(
    options.refused.map(async ({ cell, pod }): Promise<Refusal> => {
      try {
        await api.create(pod, undefined, "All");
        return { cell, refused: false, text: "" };
      } catch (error) {
        return { cell, refused: true, text: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

function containersOf({ spec }: PodManifest): string[] {
  return spec.containers.map(({ name }) => name);
}

class Examiner {
  readonly journals = new Map<string, Journal>();
  private readonly removed = new Set<string>();

  constructor(private readonly options: ExaminationOptions) {}

  private async collect(pod: string, containers: readonly string[]): Promise<void> {
    const { run } = this.options;
    await Promise.all(
      containers.map(async (container) => {
        if (this.journals.get(container)?.complete === true) return;
        const journal = parseJournal(await readLines(this.options, pod, container), { run, role: container });
        this.journals.set(container, journal);
      }),
    );
  }

  /** Deletes or evicts the producer's pod, waits until it is gone and recreates it, without the matrix. */
  private async remake(scenario: "delete" | "evict"): Promise<void> {
    const { client, namespace, producer, signal, goneSeconds = GONE_SECONDS } = this.options;
    const { name } = producer.metadata;
    // Their logs are deleted with the pod.
    await this.collectAll([
      { name, containers: containersOf(producer).filter((container) => container !== PRODUCER) },
    ]);
    if (scenario === "delete") await client.core.deleteNamespacedPod({ name, namespace });
    else {
      const metadata = { name, namespace };
      await client.core.createNamespacedPodEviction({ name, namespace, body: { metadata } });
    }
    const gone = await poll({ ...within(goneSeconds), intervalMilliseconds: 50, signal }, async () =>
      (await readPod(this.options, name)) === undefined ? true : undefined,
    );
    // Its successor has the same name: the API server would refuse it while the pod exists.
    if (gone === undefined && !signal.aborted) throw new PodNotGoneError(name, scenario, goneSeconds);
    if (gone === undefined) return;
    const containers = producer.spec.containers.filter((container) => container.name === PRODUCER);
    await client.core.createNamespacedPod({
      namespace,
      body: { ...producer, spec: { ...producer.spec, containers } },
    });
  }

  /** Follows the producer until it has printed its journal. @returns why it did not; empty if it did. */
  async follow(deadline: number): Promise<string> {
    const { producer, run, suite, signal, onProgress } = this.options;
    const { name } = producer.metadata;
    let last: string | undefined;
    const finished = await poll(
      { until: deadline, intervalMilliseconds: POLL_MILLISECONDS, signal },
      async () => {
        const {
          step,
          awaits,
          finished: ended,
        } = parseProgress(await readLines(this.options, name, PRODUCER), run);
        if (ended) return true;
        if (step !== undefined && step !== last) onProgress(describeStep((last = step), suite));
        if (awaits !== undefined && !this.removed.has(awaits)) {
          this.removed.add(awaits);
          await this.remake(awaits);
        }
        return undefined;
      },
    );
    if (finished === true) return "";
    if (signal.aborted) return "the examination was interrupted";
    return `the examination took longer than ${examinationSeconds(suite)} s; its last step was: ${last ?? "to start"}`;
  }

  /** Reads journals until all are complete, or until the time limit of the last containers. */
  private async collectAll(pods: readonly { name: string; containers: readonly string[] }[]): Promise<void> {
    const { signal } = this.options;
    const wanted = pods.flatMap(({ containers }) => containers);
    const options = { until: Date.now() + END_MILLISECONDS, intervalMilliseconds: POLL_MILLISECONDS, signal };
    await poll(options, async () => {
      for (const { name, containers } of pods) await this.collect(name, containers);
      return wanted.every((name) => this.journals.get(name)?.complete === true) ? true : undefined;
    });
  }

  /** Waits a little for the last containers to terminate, and reads all journals. */
  async finish(): Promise<void> {
    const { producer, consumer } = this.options;
    await this.collectAll(
      [producer, consumer].map((pod) => ({ name: pod.metadata.name, containers: containersOf(pod) })),
    );
  }
}

/**
 * Watches the examination's pods; deletes, evicts and recreates the producer when it requests that; and
 * collects all journals. Finishes within the suite's limit and a few seconds. Errors are reported in the
 * evidence.
 */
export async function runExamination(options: ExaminationOptions): Promise<Evidence> {
  const examiner = new Examiner(options);
  const examined = Date.now();
  const deadline = examined + examinationSeconds(options.suite) * 1000;
  const refusals = tryRefused(options);
  let givenUp: string;
  try {
    givenUp = await examiner.follow(deadline);
    await examiner.finish();
  } catch (error) {
    givenUp = error instanceof Error ? error.message : String(error);
  }
  return {
    suite: options.suite,
    start: options.start,
    examined,
    journals: examiner.journals,
    refusals: await refusals,
    givenUp,
  };
}
