import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { arch } from "node:process";
import { mustRun } from "../../setup/run";

/** Content of an image with one layer. */
export interface OciOptions {
  /** A folder that holds what the image's root shall hold. */
  readonly root: string;
  /** A folder to work in, which exists and is empty. */
  readonly work: string;
  /** The archive to write. */
  readonly archive: string;
  /** A full name for the image; without it only its digest names it. */
  readonly reference?: string;
  readonly command: readonly string[];
}

/** Go's names, which image platforms are given in, of Node's. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * Writes an OCI image layout (opencontainers/image-spec v1) as a tar archive.
 * The same files give the same digest: names are sorted, times are zero, everything belongs to root.
 * @returns the digest of the image's manifest, `sha256:...`
 */
export async function writeImage(options: OciOptions): Promise<string> {
  const layout = join(options.work, "layout");
  const blobs = join(layout, "blobs", "sha256");
  mkdirSync(blobs, { recursive: true });
  const layer = await packLayer(options, blobs);
  const config = writeBlob(blobs, {
    architecture: ARCHITECTURES[arch] ?? arch,
    os: "linux",
    config: { Env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"], Cmd: options.command, WorkingDir: "/" },
    rootfs: { type: "layers", diff_ids: [layer.digest] },
  });
  const manifest = writeBlob(blobs, {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", ...layer }],
  });
  const annotations =
    options.reference === undefined ? {} : { annotations: { "io.containerd.image.name": options.reference } };
  const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", ...manifest, ...annotations };
  writeFileSync(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await pack(layout, options.archive);
  return manifest.digest;
}

interface Blob {
  readonly digest: string;
  readonly size: number;
}

async function packLayer({ root, work }: OciOptions, blobs: string): Promise<Blob> {
  const file = join(work, "layer.tar");
  await pack(root, file);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const hex = hash.digest("hex");
  const { size } = statSync(file);
  renameSync(file, join(blobs, hex));
  return { digest: `sha256:${hex}`, size };
}

function writeBlob(blobs: string, content: object): Blob {
  const text = JSON.stringify(content);
  const hex = createHash("sha256").update(text).digest("hex");
  writeFileSync(join(blobs, hex), text);
  return { digest: `sha256:${hex}`, size: Buffer.byteLength(text) };
}

async function pack(folder: string, archive: string): Promise<void> {
  const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"];
  await mustRun({
    argv: ["tar", "--create", ...same, `--file=${archive}`, `--directory=${folder}`, "."],
    timeoutMilliseconds: 60_000,
    env: { ...process.env, LC_ALL: "C", TAR_OPTIONS: "" },
  });
}
