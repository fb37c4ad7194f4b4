import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { VersionApi } from "@kubernetes/client-node";
import type { Observation } from "../../verdict/observation";
import { withDeadline } from "../../kube/wait";
import { apiMessage, type Client } from "../../kube/client";
import { hideSecrets } from "../../kube/secrets";
import { readOnEmbedded } from "./embedded";
import { howToRead } from "./node-mounts";
import { podMountinfo } from "./pod-mounts";
import { describePropagation } from "./propagation";

/** A call for evidence that is not answered in this time is given up, in milliseconds: the verdict is waiting. */
const CALL_MILLISECONDS = 5000;

/** More of a log is not kept. */
const LOG_BYTES = 1024 * 1024;

const roles = ["producer", "consumer", "control"] as const;

export interface EvidenceOptions {
  readonly client: Client;
  readonly observation: Observation;
  /** False where the API server does not answer: nothing is asked of it then, because the verdict is waiting. */
  readonly reachable: boolean;
  /** The folder of the run's report; the evidence goes into a folder `evidence` below it. */
  readonly folder: string;
}

/** Contents of a file, or how to get them. */
type Source = () => string | Promise<string>;

/** Managed fields say who wrote which field, and bury the rest. */
function withoutNoise(key: string, value: unknown): unknown {
  return key === "managedFields" ? undefined : value;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, withoutNoise, 2)}\n`;
}

/** What is asked of the API. */
function fromApi({ client, observation }: EvidenceOptions): Record<string, Source> {
  const { core } = client;
  const { namespace, node, run, image } = observation.question;
  const files: Record<string, Source> = {
    "pods.json": async () =>
      json((await core.listNamespacedPod({ namespace, labelSelector: `fuse-test/run=${run}` })).items),
    "events.json": async () => json((await core.listNamespacedEvent({ namespace })).items),
    "namespace.json": async () => json(await core.readNamespace({ name: namespace })),
    "node.json": async () => json(await core.readNode({ name: node })),
    "versions.json": async () => {
      const server = await client.config.makeApiClient(VersionApi).getCode();
      const { kernel = "", kubelet = "", runtime = "" } = observation.node ?? {};
      return json({ server: server.gitVersion, kernel, kubelet, runtime, image, node: process.version });
    },
  };
  for (const role of roles) {
    files[`log-of-${role}.txt`] = () =>
      core.readNamespacedPodLog({
        name: `fuse-${role}`,
        namespace,
        container: role,
        timestamps: true,
        limitBytes: LOG_BYTES,
      });
  }
  return files;
}

/** What was seen during the run, and what lies on this machine. */
function atHand({ client, observation }: EvidenceOptions): Record<string, Source> {
  const { question } = observation;
  const files: Record<string, Source> = {
    "messages.json": () => json(observation.messages),
    "propagation.txt": () => describePropagation(observation),
  };
  for (const role of roles) files[`mountinfo-of-${role}.txt`] = () => podMountinfo(observation, role);
  for (const whose of ["node", "runtime"] as const)
    files[`mountinfo-of-${whose}.txt`] = async () =>
      (await readOnEmbedded(client, question.node, whose)) ?? howToRead(whose, question);
  return files;
}

const notAsked: Source = () => {
  throw new Error("not asked for, because the API server does not answer");
};

function sources(options: EvidenceOptions): Record<string, Source> {
  const api = Object.entries(fromApi(options));
  return {
    ...Object.fromEntries(api.map(([name, source]) => [name, options.reachable ? source : notAsked])),
    ...atHand(options),
  };
}

function read(source: Source): Promise<string> {
  const call = (async () => source())();
  return withDeadline(call, CALL_MILLISECONDS, `no answer within ${CALL_MILLISECONDS} ms`);
}

/**
 * Collects what a person needs to understand a run that was no SUCCESS: pods, events, logs, node, versions and
 * mountinfo, without secrets. What cannot be had is told in the folder's README.txt; nothing is thrown for that.
 */
export async function collectEvidence(options: EvidenceOptions): Promise<void> {
  const folder = join(options.folder, "evidence");
  const told = await Promise.all(
    Object.entries(sources(options)).map(async ([name, source]) => {
      try {
        const file = join(folder, name);
        const text = hideSecrets(await read(source));
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        return name;
      } catch (error) {
        return `${name}: could not be had: ${hideSecrets(apiMessage(error, name).text)}`;
      }
    }),
  );
  const { run, namespace, node } = options.observation.question;
  writeFileSync(
    join(folder, "README.txt"),
    `Evidence of run ${run} in namespace ${namespace} on node ${node}. Secrets were cut out.\n\n${told.join("\n")}\n`,
  );
}
