import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as tls from "node:tls";
import type { Environment } from "./files";

/**
 * Files of trusted certificate authorities, by system (Go, `crypto/x509/root_linux.go` and `root_bsd.go`).
 */
const FILES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/cacert.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** Exists from Node.js 22.15 on. */
type GetAuthorities = (type: "system") => string[];

/** Returns the text of a file; empty if it cannot be read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/**
 * Returns the certificate authorities that this machine trusts, as PEM; undefined if only Node.js's own are
 * available. kubectl uses these for a kubeconfig without an authority, and an administrator may have added a
 * private one. SSL_CERT_DIR adds the certificates of its folders (Go, `crypto/x509/root_unix.go`).
 */
export function machineAuthorities({
  SSL_CERT_FILE = "",
  SSL_CERT_DIR = "",
}: Environment): string[] | undefined {
  const file = [SSL_CERT_FILE, ...FILES].find((path) => path !== "" && existsSync(path));
  const added = SSL_CERT_DIR.split(delimiter)
    .filter((folder) => folder !== "")
    .flatMap(filesIn)
    .map(textOf)
    .filter((text) => text.includes("-----BEGIN CERTIFICATE-----"));
  if (file !== undefined) return [readFileSync(file, "utf8"), ...added];
  const { getCACertificates } = tls as { readonly getCACertificates?: GetAuthorities };
  const found = [...(getCACertificates?.("system") ?? []), ...added];
  return found.length === 0 ? undefined : found;
}
