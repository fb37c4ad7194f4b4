import { messageOf } from "../rpc/serve";
import type { Limits, Provider, Target } from "../rpc/provider";
import { NotReadyError } from "../rpc/provider";
import { isUnknown, type Properties, revealAll } from "../rpc/values";
import { awaitingOf, refusedAnnotation } from "./awaiting";
import { type Client, clientOf, UnreachableError } from "./client";
import { apply, awaitReady, get, type Propagation, remove, type Work } from "./cluster";
import { diffObjects } from "./difference";
import { idOf, kindOf, type Place, placeOf, placeOfId, refuse, VERSION } from "./kinds";
import { type Connection, connectionOf } from "./kubeconfig";
import { annotationsOf, applied, fieldManager, metadataOf, named, outputsOf, pruned } from "./objects";
import { inputsFromLive } from "./live";
import { checkSettings, diffSettings, type Settings, settingsOf } from "./settings";
import { timeoutOf } from "./wait";

/** What the provider knows once it is configured. */
interface Configured {
  readonly settings: Settings;
  /** The namespace of objects that name none. */
  readonly namespace: string;
  /** @throws UnreachableError when the kubeconfig cannot be used. */
  readonly client: () => Client;
}

function configured(config: Properties): Configured {
  const settings = settingsOf(revealAll(config));
  let connection: Connection | undefined;
  let problem = "";
  try {
    connection = connectionOf(settings.selection);
  } catch (error) {
    problem = messageOf(error);
  }
  const client = connection === undefined ? undefined : clientOf(connection);
  return {
    settings,
    namespace: settings.namespace ?? connection?.namespace ?? "default",
    client: () => {
      if (client === undefined)
        throw new UnreachableError(`configured Kubernetes cluster is unreachable: ${problem}`);
      return client;
    },
  };
}

function workOf(state: Configured, place: Place, inputs: Properties, { timeout, cancelled }: Limits): Work {
  return { client: state.client(), place, timeout: timeoutOf(inputs, timeout), cancelled };
}

/** Applies an object, and waits until it is ready unless it says otherwise. */
async function applyAndAwait(
  state: Configured,
  work: Work,
  { target, news }: { readonly target: Target; readonly news: Properties },
): Promise<Properties> {
  const { kind } = work.place;
  const force = annotationsOf(news)["pulumi.com/patchForce"];
  const first = await apply(work, {
    object: applied(kind, news),
    manager: fieldManager(target.urn, news),
    force: force === undefined ? state.settings.patchForce : force === "true",
  });
  const { live, problem } = await awaitReady(work, first, awaitingOf(kind.kind, news).ready);
  const properties = outputsOf(kind, live, news);
  if (problem === undefined) return properties;
  const message = `${kind.kind} ${idOf(work.place)} was applied, but is not ready: ${problem}`;
  throw new NotReadyError(message, { id: idOf(work.place), properties }, news);
}

function previewed(olds: Properties, news: Properties): Properties {
  return { ...olds, ...news, metadata: { ...metadataOf(olds), ...metadataOf(news) } };
}

const PROPAGATIONS: Readonly<Record<string, Propagation>> = {
  background: "Background",
  foreground: "Foreground",
  orphan: "Orphan",
};

function propagationOf(object: Properties): Propagation {
  const wanted = annotationsOf(object)["pulumi.com/deletionPropagationPolicy"];
  return (typeof wanted === "string" ? PROPAGATIONS[wanted.toLowerCase()] : undefined) ?? "Foreground";
}

function annotationFailures(inputs: Properties): { property: string; reason: string }[] {
  const reason = refusedAnnotation(inputs);
  return reason === undefined ? [] : [{ property: "metadata.annotations", reason }];
}

/** The provider of Kubernetes' objects. */
export function kubernetesProvider(): Provider {
  let state: Configured | undefined;
  const ready = (): Configured => {
    if (state === undefined) throw new Error("the kubernetes provider was used before it was configured");
    return state;
  };
  return {
    version: VERSION,
    checkConfig: checkSettings,
    diffConfig: diffSettings,
    configure: (config) => {
      state = configured(config);
    },
    check: (target, { olds, news, autoname }) => {
      const kind = kindOf(target.type);
      const inputs = pruned({ ...news, apiVersion: kind.apiVersion, kind: kind.kind });
      if (isUnknown(inputs.metadata)) return { inputs, failures: [] };
      const complete = named(kind, inputs, { olds, namespace: state?.namespace ?? "default", autoname });
      return { inputs: complete, failures: annotationFailures(complete) };
    },
    diff: (target, { olds, oldInputs, news }) =>
      diffObjects(kindOf(target.type), {
        olds: Object.keys(oldInputs).length > 0 ? oldInputs : inputsFromLive(olds, {}),
        news,
        mutability: ready().settings,
      }),
    create: async (target, { news, preview, ...limits }) => {
      const place = placeOf(kindOf(target.type), metadataOf(news));
      if (preview) return { id: "", properties: news };
      const work = workOf(ready(), place, news, limits);
      if (!ready().settings.upsert && (await get(work)) !== undefined) {
        throw new Error(
          `${place.kind.kind} ${idOf(place)} already exists in the cluster; delete it, import it, or set upsertExistingObjects on the provider`,
        );
      }
      return { id: idOf(place), properties: await applyAndAwait(ready(), work, { target, news }) };
    },
    read: async (target, { id, inputs, ...limits }) => {
      const place = placeOfId(kindOf(target.type), id);
      const live = await get(workOf(ready(), place, inputs, limits));
      if (live === undefined) return undefined;
      const found = inputsFromLive(live, inputs);
      return { id: idOf(place), properties: outputsOf(place.kind, live, found), inputs: found };
    },
    update: async (target, { id, olds, news, preview, ...limits }) => {
      if (preview) return previewed(olds, news);
      const work = workOf(ready(), placeOfId(kindOf(target.type), id), news, limits);
      return applyAndAwait(ready(), work, { target, news });
    },
    delete: async (target, { id, olds, ...limits }) => {
      try {
        const kind = kindOf(target.type);
        const work = workOf(ready(), placeOfId(kind, id), olds, limits);
        await remove(work, { propagation: propagationOf(olds), wait: awaitingOf(kind.kind, olds).gone });
      } catch (error) {
        if (!(error instanceof UnreachableError) || !ready().settings.deleteUnreachable) throw error;
      }
    },
    refuseInvoke: (token) => refuse(token === "" ? "this call" : `the function ${token}`),
    idle: () => undefined,
  };
}
