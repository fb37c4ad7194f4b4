import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "./setup/support";

const project = join(__dirname, "..", "..");

describe("The report command, from its bundle", function () {
  this.timeout(30_000);

  it("draws the charts of a report, whose library is loaded only then", () =>
    inFolder((folder) => {
      cpSync(join(project, "docs/example/report.json"), join(folder, "report.json"));
      const args = ["tools/load.cjs", "commands/report.ts", "--render", folder];
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" });
      assert.deepEqual([stdout, stderr], [`${join(folder, "report.html")}\n`, ""]);
      assert.ok(readFileSync(join(folder, "report.html"), "utf8").includes("<svg"));
    }));
});
