import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPreviews, type Previews } from "../../policy/preview";

const root = join(__dirname, "..", "..");

describe("Level of the policies", function () {
  this.timeout(180_000);
  let folder: string;
  let previews: Previews;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-levels-"));
    previews = openPreviews();
  });

  after(() => {
    previews.remove();
    rmSync(folder, { recursive: true });
  });

  const attempts = {
    "disables all": { all: "disabled" },
    "makes all advisory": { all: "advisory" },
    "disables one": { "allowed-node": "disabled" },
    "widens one": { "allowed-node": { nodes: ["w1"] } },
  };

  Object.entries(attempts).forEach(([what, config], index) => {
    it(`is not changed by a configuration that ${what}: the engine refuses to run with one`, async () => {
      const file = join(folder, `config-${index}.json`);
      writeFileSync(file, JSON.stringify(config));
      const { passed, resources, output } = await previews.preview({
        program: join(__dirname, "program"),
        pack: join(root, "policy"),
        stack: "levels",
        arguments: ["--policy-pack-config", file],
      });
      assert.equal(passed, false);
      assert.deepEqual(resources, []);
      assert.match(output, /does not support config/);
    });
  });
});
