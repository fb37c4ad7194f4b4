import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { documentIn, isRecord } from "./parse";

const PATHS = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

function isRelative(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !isAbsolute(value);
}

/** Returns the fields of an entry with absolute paths; the same object if all paths are absolute. */
function fromRoot(fields: Record<string, unknown>, folder: string): Record<string, unknown> {
  const changed = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (PATHS.includes(name) && isRelative(value)) return [[name, join(folder, value)]];
    if (name !== "exec" || !isRecord(value)) return [];
    const { command } = value;
    const isPath = isRelative(command) && command.includes("/");
    return isPath ? [[name, { ...value, command: join(folder, command) }]] : [];
  });
  return changed.length === 0 ? fields : { ...fields, ...Object.fromEntries(changed) };
}

/** Returns a list of a kubeconfig with absolute paths. */
function listFromRoot(list: unknown, kind: string, folder: string): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((item: unknown) => {
    const fields = isRecord(item) ? item[kind] : undefined;
    return isRecord(item) && isRecord(fields) ? { ...item, [kind]: fromRoot(fields, folder) } : item;
  });
}

/**
 * Returns the path of a kubeconfig for Pulumi's provider, which resolves relative paths in a named file
 * against its own working directory (`parseKubeconfigString` in provider/pkg/provider/util.go of
 * github.com/pulumi/pulumi-kubernetes). If the file has no relative path it is the file itself; otherwise a
 * copy with absolute paths, readable by this user only. The state stores the path, never the content.
 * @param path an absolute path
 * @param copies the folder for copies, which is created if it does not exist
 * @throws KubeconfigError or an error of the file system if the file cannot be read
 */
export function providerKubeconfig(path: string, copies: string): string {
  const document = documentIn(readFileSync(path, "utf8"), path);
  if (!isRecord(document)) return path;
  const folder = resolve(dirname(path));
  const copy = {
    ...document,
    clusters: listFromRoot(document.clusters, "cluster", folder),
    users: listFromRoot(document.users, "user", folder),
  };
  const text = JSON.stringify(copy);
  if (text === JSON.stringify({ ...document, clusters: document.clusters, users: document.users }))
    return path;
  const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
  const file = join(copies, `${name}.json`);
  const temporary = `${file}.${process.pid}`;
  mkdirSync(copies, { recursive: true, mode: 0o700 });
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
  return file;
}
