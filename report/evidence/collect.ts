import { ROLES } from "../../manifests/common";
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

/** Time limit of a call for evidence, in milliseconds: the verdict waits for it. */
const CALL_MILLISECONDS = 5000;

/** Size limit of a log; the rest is not kept. */
const LOG_BYTES = 1024 * 1024;

export interface EvidenceOptions {
  readonly client: Client;
  readonly observation: Observation;
  /**
   * False if the API server does not respond: no call is made then, because the verdict would wait for it.
   */
  readonly reachable: boolean;
  /** The folder of the run's report; the evidence goes into a folder `evidence` below it. */
  readonly folder: string;
}

/** Contents of a file, or how to get them. */
type Source = () => string | Promise<string>;

/** Removes managed fields, which record the writer of each field and hide the rest. */
function withoutNoise(key: string, value: unknown): unknown {
  return key === "managedFields" ? undefined : value;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, withoutNoise, 2)}\n`;
}

/** Returns the evidence from the API. */
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
  for (const role of ROLES) {
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

/** Returns the evidence from the run's observation and from this machine. */
function atHand({ client, observation }: EvidenceOptions): Record<string, Source> {
  const { question } = observation;
  const files: Record<string, Source> = {
    "messages.json": () => json(observation.messages),
    "propagation.txt": () => describePropagation(observation),
  };
  for (const role of ROLES) files[`mountinfo-of-${role}.txt`] = () => podMountinfo(observation, role);
  for (const whose of ["node", "runtime"] as const)
    files[`mountinfo-of-${whose}.txt`] = async () =>
      (await readOnEmbedded(client, question.node, whose)) ?? howToRead(whose, question);
  return files;
}

const notAsked: Source = () => {
  throw new Error("not requested, because the API server does not respond");
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
 * Collects everything that a person needs to understand a run that was no SUCCESS: pods, events, logs, node,
 * versions and mountinfo, without secrets. Missing evidence is listed in the folder's README.txt and is not
 * an error.
 */
export async function collectEvidence(options: EvidenceOptions): Promise<void> {
  const folder = join(options.folder, "evidence");
  const entries = await Promise.all(
    Object.entries(sources(options)).map(async ([name, source]) => {
      try {
        const file = join(folder, name);
        const text = hideSecrets(await read(source));
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        return name;
      } catch (error) {
        return `${name}: could not be collected: ${hideSecrets(apiMessage(error, name).text)}`;
      }
    }),
  );
  const { run, namespace, node } = options.observation.question;
  writeFileSync(
    join(folder, "README.txt"),
    `Evidence of run ${run} in namespace ${namespace} on node ${node}. Secrets were removed.\n\n${entries.join("\n")}\n`,
  );
}
