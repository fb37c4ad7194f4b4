import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { mendAttributes } from "../../../toolchain/launcher/attributes.cjs";
import { writeWhole } from "../../../toolchain/files";
import { inFolder } from "./support";

const ATTRIBUTES = '{"user.content_type":"application/json"}\n';

/** A backend with a whole state, whose copy's attributes are half written. */
function inBackend(use: (backend: { folder: string; broken: string; whole: string }) => void): Promise<void> {
  return inFolder((folder) => {
    const stacks = join(folder, ".pulumi", "stacks", "fuse-test");
    const broken = join(stacks, "local.json.attrs");
    const whole = join(stacks, "local.json.bak.attrs");
    writeWhole(join(stacks, "local.json"), "{}");
    writeWhole(broken, "");
    writeWhole(whole, ATTRIBUTES);
    use({ folder, broken, whole });
  });
}

function mend(backend: string | undefined): string[] {
  const said: string[] = [];
  mendAttributes({ backend, say: (line) => said.push(line) });
  return said;
}

function lockOf(folder: string, pid: number): void {
  const file = join(folder, ".pulumi", "locks", "organization", "fuse-test", "local", "1.json");
  writeWhole(file, JSON.stringify({ pid, hostname: hostname() }));
}

describe("Attributes in the backend that a killed engine has left half written", () => {
  it("are removed and named, and nothing else is", () =>
    inBackend(({ folder, broken, whole }) => {
      assert.deepEqual(mend(`file://${folder}?no_tmp_dir=true`), [
        `removed ${broken}, which an engine that was killed has left half written`,
      ]);
      assert.deepEqual([existsSync(broken), existsSync(whole)], [false, true]);
      assert.deepEqual(mend(`file://${folder}`), []);
    }));

  it("are removed where the lock is of an engine that is dead", () =>
    inBackend(({ folder, broken }) => {
      lockOf(folder, 2 ** 30);
      assert.equal(mend(`file://${folder}`).length, 1);
      assert.equal(existsSync(broken), false);
    }));

  it("are left alone while another engine is at work, which may be writing them", () =>
    inBackend(({ folder, broken }) => {
      lockOf(folder, process.pid);
      assert.deepEqual(mend(`file://${folder}`), []);
      assert.equal(existsSync(broken), true);
    }));

  it("are looked for in a backend of files alone, which need not be there yet", () => {
    for (const backend of [undefined, "https://api.example.com", "s3://bucket", "file:///nowhere/at/all"])
      assert.deepEqual(mend(backend), [], backend);
  });
});
