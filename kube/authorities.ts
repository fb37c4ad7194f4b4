import { existsSync, readFileSync } from "node:fs";
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

/**
 * Returns the certificate authorities that this machine trusts, as PEM; undefined if only Node.js's own are
 * available. kubectl uses these for a kubeconfig without an authority, and an administrator may have added a
 * private one.
 */
export function machineAuthorities({ SSL_CERT_FILE = "" }: Environment): string[] | undefined {
  const file = [SSL_CERT_FILE, ...FILES].find((path) => path !== "" && existsSync(path));
  if (file !== undefined) return [readFileSync(file, "utf8")];
  const { getCACertificates } = tls as { readonly getCACertificates?: GetAuthorities };
  const found = getCACertificates?.("system") ?? [];
  return found.length === 0 ? undefined : found;
}
