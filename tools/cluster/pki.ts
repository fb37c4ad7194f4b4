import { randomBytes, webcrypto } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { writePrivate } from "./files";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const YEAR = 365 * 24 * 3600;

x509.cryptoProvider.set(webcrypto);

/** A certificate and its private key, both in PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Subject of a certificate. Kubernetes reads `user` from the common name and `groups` from the organizations. */
export interface CertificateRequest {
  readonly user: string;
  readonly groups?: readonly string[];
  /** Addresses and names that a server answers to; with none it is a client's certificate alone. */
  readonly addresses?: readonly string[];
  /** Validity from now on; a year by default. */
  readonly validSeconds?: number;
}

/** Makes a certificate authority and keeps it as `NAME.crt` and `NAME.key` in `folder`. */
export async function createAuthority(folder: string, name: string): Promise<KeyPair> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: distinguishedName(name, []),
    ...validity(YEAR),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return keep(folder, name, { certificate: pem(certificate), key: await keyPem(keys.privateKey) });
}

/** Makes a certificate that `authority` signs, without keeping it. */
export async function issue(authority: KeyPair, request: CertificateRequest): Promise<KeyPair> {
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: distinguishedName(request.user, request.groups ?? []),
    issuer: issuer.subject,
    ...validity(request.validSeconds ?? YEAR),
    publicKey: keys.publicKey,
    signingKey: await signingKey(authority.key),
    signingAlgorithm: ALGORITHM,
    extensions: await leafExtensions(issuer, request.addresses ?? []),
  });
  return { certificate: pem(certificate), key: await keyPem(keys.privateKey) };
}

/** Makes a certificate that `authority` signs and keeps it as `NAME.crt` and `NAME.key` in `folder`. */
export async function issueInto(
  folder: string,
  name: string,
  authority: KeyPair,
  request: CertificateRequest,
): Promise<KeyPair> {
  return keep(folder, name, await issue(authority, request));
}

/** Makes the key pair that signs service accounts' tokens. */
export async function createTokenKeys(folder: string): Promise<void> {
  const { privateKey, publicKey } = await newKeys();
  const exported = await webcrypto.subtle.exportKey("spki", publicKey);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writePrivate(join(folder, "tokens.key"), await keyPem(privateKey));
  writePrivate(join(folder, "tokens.pub"), x509.PemConverter.encode(exported, "PUBLIC KEY"));
}

/** Reads a pair that was kept. */
export function readPair(folder: string, name: string): KeyPair {
  return {
    certificate: readFileSync(join(folder, `${name}.crt`), "utf8"),
    key: readFileSync(join(folder, `${name}.key`), "utf8"),
  };
}

async function leafExtensions(
  issuer: x509.X509Certificate,
  addresses: readonly string[],
): Promise<x509.Extension[]> {
  const usages = [
    x509.ExtendedKeyUsage.clientAuth,
    ...(addresses.length > 0 ? [x509.ExtendedKeyUsage.serverAuth] : []),
  ];
  const names = addresses.map((value) => ({ type: /^[\d.]+$/.test(value) ? "ip" : "dns", value }) as const);
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(usages),
    await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
  ];
}

function distinguishedName(user: string, groups: readonly string[]): x509.JsonName {
  return [...groups.map((group) => ({ O: [group] })), { CN: [user] }];
}

/** Returns a validity from five minutes ago, because clocks differ; `seconds` is negative for one that has ended. */
function validity(seconds: number): { notBefore: Date; notAfter: Date } {
  const end = Date.now() + seconds * 1000;
  return { notBefore: new Date(Math.min(Date.now(), end) - 300_000), notAfter: new Date(end) };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function signingKey(key: string): Promise<webcrypto.CryptoKey> {
  const der = x509.PemConverter.decodeFirst(key);
  return await webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const exported = await webcrypto.subtle.exportKey("pkcs8", key);
  return `${x509.PemConverter.encode(exported, "PRIVATE KEY")}\n`;
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

/** Returns a positive number of 16 octets, as RFC 5280 requires. */
function newSerial(): string {
  const octets = randomBytes(16);
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return octets.toString("hex");
}

function keep(folder: string, name: string, pair: KeyPair): KeyPair {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writePrivate(join(folder, `${name}.crt`), pair.certificate);
  writePrivate(join(folder, `${name}.key`), pair.key);
  return pair;
}
