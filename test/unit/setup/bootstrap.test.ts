import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { listFolder } from "../../../tools/setup/files";
import { lockfile, makeCheckout } from "./bare-checkout";
import { writeProgram } from "./programs";
import { inFolder } from "./support";

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function bootstrap(folder: string, ...args: readonly string[]): Promise<Ended> {
  const env = { PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}` };
  const child = spawn(process.execPath, [join(folder, "tools/bootstrap.cjs"), ...args], { env, cwd: "/" });
  const [[status], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout, stderr };
}

function asked(folder: string): string[] {
  return listFolder(join(folder, "asked"))
    .map((name) => readFileSync(join(folder, "asked", name), "utf8").trim())
    .sort();
}

describe("The bootstrap", function () {
  this.timeout(20_000);

  it("installs the packages for a help too, which it cannot show without them", () =>
    inFolder(async (folder) => {
      makeCheckout(folder);
      const help = await bootstrap(folder, "script.ts", "--help");
      assert.deepEqual([help.status, help.stdout], [5, "--help\n"]);
      assert.equal(help.stderr, "bootstrap: installing the npm packages that package-lock.json names\n");
      assert.equal((await bootstrap(folder, "script.ts", "-h")).stderr, "");
    }));

  it("installs the packages once, then runs the script with its arguments and its status", () =>
    inFolder(async (folder) => {
      makeCheckout(folder);
      const first = await bootstrap(folder, "script.ts", "a b", "-c");
      assert.deepEqual(first, {
        status: 5,
        stdout: "a b|-c\n",
        stderr: "bootstrap: installing the npm packages that package-lock.json names\n",
      });
      const second = await bootstrap(folder, "script.ts");
      assert.deepEqual(second, { status: 5, stdout: "\n", stderr: "" });
      assert.deepEqual(asked(folder), ["ci --include=dev", "lock"]);
    }));

  it("installs them again when the lockfile names others", () =>
    inFolder(async (folder) => {
      makeCheckout(folder);
      await bootstrap(folder, "script.ts");
      writeFileSync(join(folder, "package-lock.json"), lockfile("1.0.1"));
      await bootstrap(folder, "script.ts");
      assert.deepEqual(asked(folder), ["ci --include=dev", "ci --include=dev", "lock"]);
    }));

  it("installs them once where two are started at once", () =>
    inFolder(async (folder) => {
      makeCheckout(folder);
      const both = await Promise.all([bootstrap(folder, "script.ts"), bootstrap(folder, "script.ts")]);
      assert.deepEqual(
        both.map(({ status, stdout }) => ({ status, stdout })),
        [
          { status: 5, stdout: "\n" },
          { status: 5, stdout: "\n" },
        ],
      );
      assert.equal(asked(folder).filter((what) => what !== "lock").length, 1);
      // The second one does not replace what the first one may be loading.
      assert.ok(existsSync(join(folder, "tools/locking/node_modules/of-the-first")));
      assert.deepEqual(listFolder(join(folder, "tools", "locking")).sort(), [
        ".npmrc",
        "node_modules",
        "package-lock.json",
        "package.json",
      ]);
    }));

  it("says in one line that npm failed, and does not run the script", () =>
    inFolder(async (folder) => {
      makeCheckout(folder);
      writeProgram(join(folder, "bin", "npm"), "exit 3");
      assert.deepEqual(await bootstrap(folder, "script.ts"), {
        status: 1,
        stdout: "",
        stderr:
          "bootstrap: installing the npm packages that package-lock.json names\n" +
          `bootstrap: npm ci failed (status 3). Fix what it reports above, or run it by hand in ${folder}/tools/locking\n`,
      });
    }));

  it("asks for a script where none is named", () =>
    inFolder(async (folder) => {
      makeCheckout(folder);
      const { status, stderr } = await bootstrap(folder);
      assert.equal(status, 1);
      assert.equal(stderr, "bootstrap: no script is given. Usage: node tools/bootstrap.cjs SCRIPT.ts ARGS\n");
    }));
});
