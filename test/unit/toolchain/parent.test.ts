import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { parseStat } from "../../../toolchain/parent";
import { inFolder } from "./support";

const PROJECT = join(__dirname, "..", "..", "..");

describe("a process in /proc", () => {
  it("is read by its fields, whatever its name holds", () => {
    const fields = ["S", "41", ...Array.from({ length: 17 }, () => "0"), "777", "0"].join(" ");
    for (const name of ["pulumi", "a) b", "x (y", ""])
      assert.deepEqual(parseStat(`42 (${name}) ${fields}`), { name, state: "S", parent: 41, started: "777" });
  });

  it("is none in what is cut short, or is none", () => {
    for (const line of ["", "42", "42 (pulumi)", "42 (pulumi) S 41"])
      assert.equal(parseStat(line), undefined);
  });
});

describe("a command of the engine", function () {
  this.timeout(30_000);

  it("ends when the engine is killed, although the plugin between them lives on", () =>
    inFolder(async (folder) => {
      // Its name is all that tells an engine: here a shell, whose plugin is another shell.
      const engine = join(folder, "pulumi");
      copyFileSync(spawnSync("sh", ["-c", "command -v bash"], { encoding: "utf8" }).stdout.trim(), engine);
      const command = [
        'require("ts-node/register");',
        'const { whenEngineEnds } = require("./toolchain/parent.ts");',
        'whenEngineEnds(50, () => { console.log("ended"); process.exit(1); });',
        'setTimeout(() => undefined, 20000); console.log("began");',
      ].join("");
      const plugin = `${process.execPath} -e '${command}'; sleep 5`;
      const child = spawn(engine, ["-c", 'sh -c "$1"; :', "engine", plugin], {
        cwd: PROJECT,
        detached: true,
        stdio: ["ignore", "pipe", "inherit"],
      });
      let printed = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
      try {
        while (!printed.includes("began")) await once(child.stdout, "data");
        child.kill("SIGKILL");
        while (!printed.includes("ended")) await once(child.stdout, "data");
        assert.equal(printed, "began\nended\n");
      } finally {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      }
    }));
});
