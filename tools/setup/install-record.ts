import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashOfFiles, listFilesBelow, writeWhole } from "./files";
import type { EngineRecord } from "../paths";
import { ENGINE_BUILD, KUBERNETES_BUILD, KUBERNETES_PROGRAMS, PROVIDER_BUILD, moduleInputs } from "./modules";
import { KUBERNETES_PROVIDER, LANGUAGE_HOST, PROVIDERS, providerPresent } from "./providers";
import {
  ENGINE_VERSION,
  KUBERNETES_VERSION,
  cacheHome,
  engineRecord,
  kubernetesBin,
  pulumiHome,
} from "./paths";

export type { EngineRecord } from "../paths";

/** Source of a tool: the user's own, the official release, or built from pinned modules. */
export type Source = EngineRecord["source"];

/** The programs of Kubernetes that setup chose, as recorded. */
export interface KubernetesRecord {
  /** Folder with the five programs. */
  readonly folder: string;
  readonly version: string;
  readonly source: Source;
  /** Why it is this one: what was tried before and how that failed; empty if it was the first choice. */
  readonly reason: string;
}

interface Stamp {
  /** Hash or version of all that it was made from; with another one it is made again. */
  readonly inputs: string;
  /** The same of this project's own plugins; absent if none is used. */
  readonly pluginInputs?: string;
  /** The same of the Kubernetes provider; absent if it is a release. */
  readonly providerInputs?: string;
}

const kubernetesRecord = (): string => join(cacheHome(), "kubernetes.json");

function engineInputs(source: Source): string {
  return source === "built" ? moduleInputs(ENGINE_BUILD) : ENGINE_VERSION;
}

function kubernetesInputs(source: Source): string {
  return source === "built" ? moduleInputs(KUBERNETES_BUILD) : KUBERNETES_VERSION;
}

/** Returns the hash of what this project's own plugins are bundled from: their sources, and the locked versions of what they import. */
function pluginInputs(): string {
  const sources = listFilesBelow(join(__dirname, "../plugins")).filter((file) => file.endsWith(".ts"));
  return hashOfFiles([...sources, join(__dirname, "../../package-lock.json")]);
}

/** Reads a record, which another version of this program may have written in another form. */
function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Returns the engine that is set up; undefined if there is none, or its inputs have changed since. */
export function presentEngine(): EngineRecord | undefined {
  const record = read(engineRecord()) as (EngineRecord & Partial<Stamp>) | undefined;
  if (record?.inputs === undefined || !existsSync(record.bin)) return undefined;
  // A cache that was copied or moved names the other place, which is not ours to renew.
  if (record.source !== "installed" && !record.bin.startsWith(pulumiHome())) return undefined;
  return record.inputs === engineInputs(record.source) ? record : undefined;
}

/** Returns true if the Kubernetes provider is in place and was built from what would be built now. */
export function providerBuildPresent(): boolean {
  const record = read(engineRecord()) as Partial<Stamp> | undefined;
  return providerPresent(KUBERNETES_PROVIDER) && record?.providerInputs === moduleInputs(PROVIDER_BUILD);
}

/** Returns true if an engine has all of its plugins, in the pinned versions. */
export function pluginsPresent(engine: EngineRecord): boolean {
  const { plugins, pluginInputs: bundled } = engine as Partial<EngineRecord> & Partial<Stamp>;
  // An earlier version of this project recorded one word for all plugins.
  if (typeof plugins !== "object" || !PROVIDERS.every(providerPresent)) return false;
  if (plugins.kubernetes === "module" && !providerBuildPresent()) return false;
  if (plugins.language === "thin" && !existsSync(join(dirname(engine.bin), LANGUAGE_HOST))) return false;
  return !usesThin(plugins) || bundled === pluginInputs();
}

function usesThin({ language, command }: EngineRecord["plugins"]): boolean {
  return language === "thin" || command === "thin";
}

/** Returns the programs of Kubernetes that are set up; undefined if there are none, or their inputs have changed. */
export function presentKubernetes(): KubernetesRecord | undefined {
  const record = read(kubernetesRecord()) as (KubernetesRecord & Partial<Stamp>) | undefined;
  if (record?.inputs === undefined || record.inputs !== kubernetesInputs(record.source)) return undefined;
  if (record.folder !== kubernetesBin()) return undefined;
  return KUBERNETES_PROGRAMS.every((name) => existsSync(join(record.folder, name))) ? record : undefined;
}

function write(file: string, record: object): void {
  writeWhole(file, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Records the engine; the last step of its set-up, because from now on it counts as finished. */
export function recordEngine(engine: EngineRecord): void {
  const { bin, version, source, reason, plugins, path } = engine;
  write(engineRecord(), {
    ...{ bin, version, source, reason, plugins, path },
    inputs: engineInputs(source),
    ...(usesThin(plugins) ? { pluginInputs: pluginInputs() } : {}),
    ...(plugins.kubernetes === "module" ? { providerInputs: moduleInputs(PROVIDER_BUILD) } : {}),
  });
}

/** Records Kubernetes; the last step of its set-up, because from now on it counts as finished. */
export function recordKubernetes(kubernetes: KubernetesRecord): void {
  write(kubernetesRecord(), { ...kubernetes, inputs: kubernetesInputs(kubernetes.source) });
}
