import type { Difference, Failure, PropertyDifference } from "../rpc/provider";
import { equal, hasUnknown, isUnknown, type Properties, revealAll, type Value } from "../rpc/values";
import { refuse } from "./kinds";
import { connectionOf, type Selection } from "./kubeconfig";

/** The provider's configuration. */
export interface Settings {
  readonly selection: Selection;
  readonly namespace: string | undefined;
  readonly patchForce: boolean;
  readonly configMapMutable: boolean;
  readonly secretMutable: boolean;
  readonly upsert: boolean;
  readonly deleteUnreachable: boolean;
}

/** Settings of the official plugin that change nothing here. */
const IGNORED: ReadonlySet<string> = new Set([
  "alwaysRender",
  "clusterIdentifier",
  "helmReleaseSettings",
  "kubeClientSettings",
  "suppressDeprecationWarnings",
  "suppressHelmHookWarnings",
  "skipUpdateUnreachable",
  "version",
  "pluginDownloadURL",
  "__internal",
]);

function text(value: Value | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A boolean: the engine sends those of a provider as JSON in a string. */
function flag(value: Value | undefined): boolean {
  return value === true || value === "true";
}

/** Reads the provider's configuration. Secrets in it must have been revealed. */
export function settingsOf(config: Properties): Settings {
  const kubeconfig = text(config.kubeconfig);
  const context = text(config.context);
  const cluster = text(config.cluster);
  return {
    selection: {
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
      ...(context === undefined ? {} : { context }),
      ...(cluster === undefined ? {} : { cluster }),
    },
    namespace: text(config.namespace),
    patchForce: flag(config.enablePatchForce),
    configMapMutable: flag(config.enableConfigMapMutable),
    secretMutable: flag(config.enableSecretMutable),
    upsert: flag(config.upsertExistingObjects),
    deleteUnreachable: flag(config.deleteUnreachable),
  };
}

const READ: ReadonlySet<string> = new Set([
  "kubeconfig",
  "context",
  "cluster",
  "namespace",
  "enablePatchForce",
  "enableConfigMapMutable",
  "enableSecretMutable",
  "upsertExistingObjects",
  "deleteUnreachable",
]);

/** What of the configuration cannot be honoured. */
export function checkSettings(config: Properties): Failure[] {
  return Object.entries(revealAll(config)).flatMap(([property, value]): Failure[] => {
    if (value === null || READ.has(property) || IGNORED.has(property) || isUnknown(value)) return [];
    if (property === "enableServerSideApply") {
      return value === false || value === "false" ? [{ property, reason: refuse("client-side apply") }] : [];
    }
    return value === "" ? [] : [{ property, reason: refuse(`the provider's setting ${property}`) }];
  });
}

/** The cluster that some configuration means, or undefined when that cannot be told. */
function serverOf(config: Properties): string | undefined {
  try {
    return connectionOf(settingsOf(config).selection).server;
  } catch {
    return undefined;
  }
}

/** How the configuration differs. Another cluster replaces the provider, and with it every resource. */
export function diffSettings(before: Properties, after: Properties): Difference {
  const olds = revealAll(before);
  const news = revealAll(after);
  const changed = [...READ].filter((path) => !equal(olds[path], news[path]));
  const was = serverOf(olds);
  const is = hasUnknown(news) ? undefined : serverOf(news);
  const moved = was !== undefined && is !== undefined && was !== is;
  const properties = changed.map((path): PropertyDifference => {
    const kind = olds[path] === undefined ? "add" : news[path] === undefined ? "delete" : "update";
    return {
      path,
      kind,
      replaces: moved && (path === "kubeconfig" || path === "context" || path === "cluster"),
    };
  });
  return { properties, deleteBeforeReplace: false };
}
