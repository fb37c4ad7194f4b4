import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "./layout";

const MONTH = 30 * 24 * 3600;

/** File names, without ending, of the certificates that every other one is made with or as old as. */
export const AUTHORITY = "ca";
export const ETCD_AUTHORITY = "etcd-ca";
export const SERVER = "apiserver";

/** Returns true if the cluster's certificates are there and do not end within a month. */
export function credentialsLast(layout: Layout, now = Date.now()): boolean {
  return [AUTHORITY, ETCD_AUTHORITY, SERVER].every((name) => {
    const file = join(layout.pki, `${name}.crt`);
    if (!existsSync(file)) return false;
    const { validTo } = new X509Certificate(readFileSync(file));
    return Date.parse(validTo) - now > MONTH * 1000;
  });
}
