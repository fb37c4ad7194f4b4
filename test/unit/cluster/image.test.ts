import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun } from "../../../tools/setup/run";
import { fingerprint, parseLdd } from "../../../tools/cluster/image/contents";
import { writeImage } from "../../../tools/cluster/image/oci";

describe("the local image", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-image-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function root(name: string, order: readonly string[]): string {
    const path = join(folder, name);
    mkdirSync(path);
    for (const file of order) {
      writeFileSync(join(path, file), `content of ${file}`);
      chmodSync(join(path, file), 0o755);
      utimesSync(join(path, file), Math.random() * 1e9, Math.random() * 1e9);
    }
    return path;
  }

  async function build(name: string, from: string, reference?: string): Promise<string> {
    const work = join(folder, `work-${name}`);
    mkdirSync(work);
    const archive = join(folder, `${name}.tar`);
    const named = reference === undefined ? {} : { reference };
    return await writeImage({ root: from, work, archive, command: ["/bin/sh"], ...named });
  }

  it("has the same digest for the same files, whatever their times and order", async () => {
    const first = await build("a", root("root-a", ["one", "two"]));
    const second = await build("b", root("root-b", ["two", "one"]));
    assert.match(first, /^sha256:[0-9a-f]{64}$/);
    assert.equal(second, first);
  });

  it("has another digest once a file differs", async () => {
    const first = await build("a", root("root-a", ["one"]));
    const other = root("root-b", ["one"]);
    writeFileSync(join(other, "one"), "something else");
    assert.notEqual(await build("b", other), first);
  });

  it("has another digest once a mode differs", async () => {
    const first = await build("a", root("root-a", ["one"]));
    const other = root("root-b", ["one"]);
    chmodSync(join(other, "one"), 0o4755);
    assert.notEqual(await build("b", other), first);
  });

  it("is an OCI layout whose index names the image", async () => {
    const digest = await build("a", root("root-a", ["one"]), "fuse-test.local/pause:1");
    const index: unknown = JSON.parse(
      await mustRun({ argv: ["tar", "-xOf", join(folder, "a.tar"), "./index.json"] }),
    );
    const { manifests } = index as { manifests: { digest: string; annotations: Record<string, string> }[] };
    assert.equal(manifests.length, 1);
    assert.equal(manifests[0]?.digest, digest);
    assert.deepEqual(manifests[0].annotations, { "io.containerd.image.name": "fuse-test.local/pause:1" });
  });

  it("is found again in the cache until a file's size, time or mode changes", () => {
    const source = join(root("root-a", ["one"]), "one");
    const files = (mode: number) => [{ source, target: "/bin/one", mode }];
    utimesSync(source, 1000, 1000);
    const first = fingerprint(files(0o755));
    assert.equal(first, "/bin/one 755 14 1000000");
    assert.notEqual(fingerprint(files(0o4755)), first);
    utimesSync(source, 1001, 1001);
    assert.notEqual(fingerprint(files(0o755)), first);
  });
});

describe("parseLdd", () => {
  it("finds the libraries and the loader, and leaves out what the kernel provides", () => {
    const text = [
      "\tlinux-vdso.so.1 (0x00007fe72cd29000)",
      "\tlibfuse.so.2 => /lib/x86_64-linux-gnu/libfuse.so.2 (0x00007fc8291a2000)",
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007fe72cd2b000)",
      "",
    ].join("\n");
    assert.deepEqual(parseLdd(text), ["/lib/x86_64-linux-gnu/libfuse.so.2", "/lib64/ld-linux-x86-64.so.2"]);
  });

  it("finds nothing for a program that is linked statically", () => {
    assert.deepEqual(parseLdd("\tnot a dynamic executable\n"), []);
  });
});
