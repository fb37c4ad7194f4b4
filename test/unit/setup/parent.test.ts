import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { makeMac } from "../../support/mac";
import { inFolder } from "./support";

const PROJECT = join(__dirname, "..", "..", "..");

/** Kills an engine, and asserts that the command ends which its plugin has started. */
async function endsWithEngine(folder: string, environment: Readonly<Record<string, string>>): Promise<void> {
  // Its name is all that tells an engine: here a shell, whose plugin is another shell.
  const engine = join(folder, "pulumi");
  copyFileSync(spawnSync("sh", ["-c", "command -v bash"], { encoding: "utf8" }).stdout.trim(), engine);
  const command = [
    'require("ts-node/register");',
    'const { whenEngineEnds } = require("./tools/parent.ts");',
    'whenEngineEnds(50, () => { console.log("ended"); process.exit(1); });',
    'setTimeout(() => undefined, 20000); console.log("began");',
  ].join("");
  const plugin = `${process.execPath} -e '${command}'; sleep 5`;
  const child = spawn(engine, ["-c", 'sh -c "$1"; :', "engine", plugin], {
    cwd: PROJECT,
    env: { ...process.env, ...environment },
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
}

describe("a command of the engine", function () {
  this.timeout(30_000);

  for (const system of ["Linux", "macOS, which has no /proc"]) {
    it(`ends on ${system} when the engine is killed, although the plugin between them is still running`, () =>
      inFolder(async (folder) =>
        endsWithEngine(folder, system === "Linux" ? {} : (await makeMac(folder)).environment),
      ));
  }
});
