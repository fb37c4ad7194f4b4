import assert from "node:assert/strict";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryFolder } from "../../../tools/pulumi/temporary-folder";
import { inPlace, killed, launch } from "./launched";
import { inFolder } from "./support";

const WRITES = ["echo content >$TMPDIR/kubeconfig1", 'echo "$TMPDIR"; stat -c %a "$TMPDIR"; ls "$TMPDIR"'];

describe("the temporary files of a command of the engine", () => {
  const inTemporary = (folder: string): string => {
    const parent = join(folder, "tmp");
    mkdirSync(parent);
    return parent;
  };

  it("are in a folder of its own, for its user alone, which is removed when the command has ended", () =>
    inPlace(WRITES, ({ env, folder }) => {
      const TMPDIR = inTemporary(folder);
      const { stdout, status } = launch({ ...env, TMPDIR }, "preview");
      const [used, mode, ...files] = stdout.trimEnd().split("\n");
      assert.match(used ?? "", /\/tmp\/fuse-test-pulumi-\d+-\w{6}$/);
      assert.deepEqual([mode, files, status], ["700", ["kubeconfig1"], 0]);
      assert.deepEqual(readdirSync(TMPDIR), []);
    }));

  it("are removed when the command fails", () =>
    inPlace([...WRITES, "exit 3"], ({ env, folder }) => {
      const TMPDIR = inTemporary(folder);
      assert.equal(launch({ ...env, TMPDIR }, "preview").status, 3);
      assert.deepEqual(readdirSync(TMPDIR), []);
    }));

  it("are removed by the next command if this one was killed", () =>
    inPlace([...WRITES, '[ "$1" != preview ] || exec sleep 30'], async ({ env, folder }) => {
      const TMPDIR = inTemporary(folder);
      await killed({ ...env, TMPDIR }, "preview");
      assert.equal(readdirSync(TMPDIR).length, 1);
      assert.equal(launch({ ...env, TMPDIR }, "about").status, 0);
      assert.deepEqual(readdirSync(TMPDIR), []);
    }));

  it("stay while their command runs, and so does all that is not such a folder", () =>
    inFolder((parent) => {
      const others = [
        "fuse-test-pulumi-",
        "fuse-test-pulumi-x-1",
        "kubeconfig1",
        `fuse-test-pulumi-${process.pid}-a`,
      ];
      for (const name of others) mkdirSync(join(parent, name));
      const { folder, remove } = createTemporaryFolder(parent);
      writeFileSync(join(folder, "file"), "");
      assert.equal(statSync(folder).mode & 0o777, 0o700);
      remove();
      assert.deepEqual(readdirSync(parent).sort(), [...others].sort());
    }));
});
