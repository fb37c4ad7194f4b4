import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashOfFiles, listFilesBelow, writeWhole } from "./files";
import type { EngineRecord } from "./launcher/homes";
import { ENGINE_BUILD, KUBERNETES_BUILD, KUBERNETES_PROGRAMS, moduleInputs } from "./modules";
import { LANGUAGE_HOST, PROVIDERS } from "./providers";
import {
  ENGINE_VERSION,
  KUBERNETES_VERSION,
  cacheHome,
  engineRecord,
  kubernetesBin,
  pulumiHome,
} from "./paths";

export type { EngineRecord } from "./launcher/homes";

/** Where something was had from: the user's own, the official release, or built from pinned modules. */
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
  /** The same of the thin plugins; empty where the official ones are used. */
  readonly pluginInputs?: string;
}

const kubernetesRecord = (): string => join(cacheHome(), "kubernetes.json");

function engineInputs(source: Source): string {
  return source === "built" ? moduleInputs(ENGINE_BUILD) : ENGINE_VERSION;
}

function kubernetesInputs(source: Source): string {
  return source === "built" ? moduleInputs(KUBERNETES_BUILD) : KUBERNETES_VERSION;
}

/** Hash of what the thin plugins are made from: their sources, and the locked versions of what they import. */
function pluginInputs(): string {
  const sources = listFilesBelow(join(__dirname, "plugins")).filter((file) => file.endsWith(".ts"));
  return hashOfFiles([...sources, join(__dirname, "../package-lock.json")]);
}

/** A record as it was written, by whatever version of this program: nothing in it is sure. */
function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** The engine that is set up; undefined if there is none, or what it is built from has changed since. */
export function presentEngine(): EngineRecord | undefined {
  const record = read(engineRecord()) as (EngineRecord & Partial<Stamp>) | undefined;
  if (record?.inputs === undefined || !existsSync(record.bin)) return undefined;
  // A cache that was copied or moved names the other place, which is not ours to renew.
  if (record.source !== "installed" && !record.bin.startsWith(pulumiHome())) return undefined;
  return record.inputs === engineInputs(record.source) ? record : undefined;
}

/** True if the engine has the plugins that belong to it. */
export function pluginsPresent(engine: EngineRecord): boolean {
  if (engine.plugins === "official") return true;
  const needed = PROVIDERS.map(({ folder, program }) => join(folder(), program));
  if (engine.source === "built") needed.push(join(dirname(engine.bin), LANGUAGE_HOST));
  const present = needed.every((file) => existsSync(file));
  return present && (engine as EngineRecord & Partial<Stamp>).pluginInputs === pluginInputs();
}

/** The programs of Kubernetes that are set up; undefined if they are not, or what they are built from has changed. */
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
  const plugins = engine.plugins === "thin" ? { pluginInputs: pluginInputs() } : {};
  write(engineRecord(), { ...engine, inputs: engineInputs(engine.source), ...plugins });
}

/** Records Kubernetes; the last step of its set-up, because from now on it counts as finished. */
export function recordKubernetes(kubernetes: KubernetesRecord): void {
  write(kubernetesRecord(), { ...kubernetes, inputs: kubernetesInputs(kubernetes.source) });
}
