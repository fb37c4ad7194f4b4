import { dirname, isAbsolute, join, resolve } from "node:path";
import { parseAllDocuments, type Tags } from "yaml";
import type { z } from "zod";
import { type ClusterFields, type ContextFields, entryShapes, fileShape, type UserFields } from "./shape";

/** A kubeconfig that cannot be used. The problem is one line that names the entry and quotes no value. */
export class KubeconfigError extends Error {
  constructor(
    /** The file, or the list of files that were searched. */
    readonly file: string,
    readonly problem: string,
  ) {
    super(`${file}: ${problem}`);
  }
}

/** A named entry and its file. */
interface Entry<Fields> {
  readonly file: string;
  readonly fields: Fields;
}

/** Content of one file, or of several merged ones. */
export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, Entry<ClusterFields>>;
  readonly users: ReadonlyMap<string, Entry<UserFields>>;
  readonly contexts: ReadonlyMap<string, Entry<ContextFields>>;
}

/** Removes the YAML 1.1 types that Go's library does not parse: dates, and numbers such as 1:30. */
function withoutTimes(tags: Tags): Tags {
  return tags.filter(
    (tag) => typeof tag === "string" || (tag.tag !== "tag:yaml.org,2002:timestamp" && tag.format !== "TIME"),
  );
}

/** Returns the first document of a YAML text, as Go reads it; JSON is YAML. */
export function documentIn(text: string, file: string): unknown {
  let place = "";
  try {
    const documents = parseAllDocuments(text, {
      version: "1.1",
      uniqueKeys: false,
      customTags: withoutTimes,
      logLevel: "silent",
      prettyErrors: true,
    });
    const [document] = Array.isArray(documents) ? documents : [];
    if (document === undefined) return undefined;
    const [error] = document.errors;
    if (error === undefined) return document.toJS({ maxAliasCount: 100 }) as unknown;
    place = error.linePos === undefined ? "" : ` in line ${error.linePos[0].line}`;
  } catch {
    // The library's message may quote the file, which contains credentials.
  }
  throw new KubeconfigError(file, `it is not YAML${place}`);
}

/** Returns true for an object that is neither null nor a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Describes the first problem of a value by its path and the expected type, without the value. */
function problemOf({ issues: [issue] }: z.ZodError): string {
  const place = issue?.path.map(String).join(".") ?? "";
  const words = issue?.message.replace(/^Invalid input: /u, "").replace(/[\r\n]+/gu, " ") ?? "";
  return place === "" ? words : `${place}: ${words}`;
}

/** Returns a name in a readable form, in one line. */
function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

type Kind = keyof typeof entryShapes;

function entriesOf<K extends Kind>(
  kind: K,
  items: readonly unknown[],
  file: string,
): Map<string, Entry<z.infer<(typeof entryShapes)[K]>>> {
  const found = new Map<string, Entry<z.infer<(typeof entryShapes)[K]>>>();
  for (const [index, item] of items.entries()) {
    const place = `${kind}s[${index}]`;
    if (item !== null && !isRecord(item))
      throw new KubeconfigError(file, `${place}: expected an object with name and ${kind}`);
    const name = item?.name ?? "";
    if (typeof name !== "string") throw new KubeconfigError(file, `${place}.name: expected string`);
    const parsed = entryShapes[kind].safeParse(item?.[kind] ?? {});
    if (!parsed.success)
      throw new KubeconfigError(file, `${kind} ${shown(name)}: ${problemOf(parsed.error)}`);
    if (found.has(name)) throw new KubeconfigError(file, `${kind} ${shown(name)} is there twice`);
    found.set(name, { file, fields: parsed.data as z.infer<(typeof entryShapes)[K]> });
  }
  return found;
}

/**
 * Parses a kubeconfig. An empty text is a kubeconfig without entries.
 * @param file name in errors, and base of relative paths
 * @throws KubeconfigError
 */
export function parseKubeconfig(text: string, file: string): Kubeconfig {
  const document = documentIn(text, file) ?? {};
  const parsed = fileShape.safeParse(document);
  if (!parsed.success) throw new KubeconfigError(file, `it is no kubeconfig: ${problemOf(parsed.error)}`);
  const { apiVersion = "v1", kind = "Config", ...content } = parsed.data;
  if (apiVersion !== "v1" || kind !== "Config")
    throw new KubeconfigError(file, "it is no kubeconfig: expected apiVersion v1 and kind Config");
  return absolute(
    {
      currentContext: content["current-context"],
      clusters: entriesOf("cluster", content.clusters, file),
      users: entriesOf("user", content.users, file),
      contexts: entriesOf("context", content.contexts, file),
    },
    resolve(dirname(file)),
  );
}

function mapFields<Fields>(
  entries: ReadonlyMap<string, Entry<Fields>>,
  change: (fields: Fields) => Fields,
): Map<string, Entry<Fields>> {
  return new Map(
    [...entries].map(([name, { file, fields }]) => [name, { file, fields: change(fields) }] as const),
  );
}

/** Resolves relative paths against the file's folder; a command without a slash is searched in PATH. */
function absolute(config: Kubeconfig, folder: string): Kubeconfig {
  const at = (path: string | undefined): string | undefined =>
    path === undefined || isAbsolute(path) ? path : join(folder, path);
  return {
    ...config,
    clusters: mapFields(config.clusters, (fields) => ({
      ...fields,
      "certificate-authority": at(fields["certificate-authority"]),
    })),
    users: mapFields(config.users, ({ exec, ...fields }) => ({
      ...fields,
      "client-certificate": at(fields["client-certificate"]),
      "client-key": at(fields["client-key"]),
      tokenFile: at(fields.tokenFile),
      exec: exec && {
        ...exec,
        command: exec.command?.includes("/") === true ? at(exec.command) : exec.command,
      },
    })),
  };
}

/** Merges entries of several files; of entries with the same name, the first file's is used. */
function firstOf<Fields>(maps: readonly ReadonlyMap<string, Entry<Fields>>[]): Map<string, Entry<Fields>> {
  return new Map([...maps].reverse().flatMap((map) => [...map]));
}

/** Merges files as client-go does: the first wins, for every name and for the current context. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  return {
    currentContext: configs.find(({ currentContext }) => currentContext !== undefined)?.currentContext,
    clusters: firstOf(configs.map(({ clusters }) => clusters)),
    users: firstOf(configs.map(({ users }) => users)),
    contexts: firstOf(configs.map(({ contexts }) => contexts)),
  };
}
