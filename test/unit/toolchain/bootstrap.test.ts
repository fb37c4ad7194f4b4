import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { listFolder } from "../../../toolchain/files";
import { writeProgram } from "./programs";
import { inFolder } from "./support";

const REPOSITORY = join(__dirname, "../../..");

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A lockfile that names one package besides tsx. */
function lockfile(version: string): string {
  const packages = { "": {}, "node_modules/tsx": { version: "1.0.0" }, "node_modules/other": { version } };
  return JSON.stringify({ packages });
}

/** A checkout with nothing but the bootstrap, a script, and an npm that notes what it is asked for. */
function makeCheckout(folder: string): void {
  cpSync(join(REPOSITORY, "bootstrap.cjs"), join(folder, "bootstrap.cjs"));
  cpSync(join(REPOSITORY, "toolchain/launcher"), join(folder, "toolchain/launcher"), { recursive: true });
  writeFileSync(join(folder, "package-lock.json"), lockfile("1.0.0"));
  writeFileSync(join(folder, "script.cjs"), "console.log(process.argv.slice(2).join('|')); process.exit(5);");
  mkdirSync(join(folder, "asked"));
  writeProgram(
    join(folder, "bin", "npm"),
    `echo "$*" > "${folder}/asked/$$"`,
    "sleep 0.3",
    "mkdir -p node_modules/tsx",
    "echo '' > node_modules/tsx/index.js",
    "cp package-lock.json node_modules/.package-lock.json",
  );
}

async function bootstrap(folder: string, ...args: readonly string[]): Promise<Ended> {
  const env = { PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}` };
  const child = spawn(process.execPath, [join(folder, "bootstrap.cjs"), ...args], { env, cwd: "/" });
  const [[status], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout, stderr };
}

function asked(folder: string): string[] {
  return listFolder(join(folder, "asked")).map((name) =>
    readFileSync(join(folder, "asked", name), "utf8").trim(),
  );
}

describe("The bootstrap", function () {
  this.timeout(20_000);

  it("installs the packages once, then runs the script with its arguments and its status", () =>
    inFolder(async (folder) => {
      makeCheckout(folder);
      const first = await bootstrap(folder, "script.cjs", "a b", "-c");
      assert.deepEqual(first, {
        status: 5,
        stdout: "a b|-c\n",
        stderr: "bootstrap: installing the npm packages that package-lock.json names\n",
      });
      const second = await bootstrap(folder, "script.cjs");
      assert.deepEqual(second, { status: 5, stdout: "\n", stderr: "" });
      assert.deepEqual(asked(folder), ["ci --include=dev"]);
    }));

  it("installs them again when the lockfile names others", () =>
    inFolder(async (folder) => {
      makeCheckout(folder);
      await bootstrap(folder, "script.cjs");
      writeFileSync(join(folder, "package-lock.json"), lockfile("1.0.1"));
      await bootstrap(folder, "script.cjs");
      assert.equal(asked(folder).length, 2);
    }));

  it("installs them once where two are started at once", () =>
    inFolder(async (folder) => {
      makeCheckout(folder);
      const both = await Promise.all([bootstrap(folder, "script.cjs"), bootstrap(folder, "script.cjs")]);
      assert.deepEqual(
        both.map(({ status, stdout }) => ({ status, stdout })),
        [
          { status: 5, stdout: "\n" },
          { status: 5, stdout: "\n" },
        ],
      );
      assert.deepEqual(asked(folder), ["ci --include=dev"]);
    }));

  it("says in one line that npm failed, and does not run the script", () =>
    inFolder(async (folder) => {
      makeCheckout(folder);
      writeProgram(join(folder, "bin", "npm"), "exit 3");
      assert.deepEqual(await bootstrap(folder, "script.cjs"), {
        status: 1,
        stdout: "",
        stderr:
          "bootstrap: installing the npm packages that package-lock.json names\n" +
          "bootstrap: npm ci failed (status 3). Mend what it says above, or run it by hand\n",
      });
    }));

  it("asks for a script where none is named", () =>
    inFolder(async (folder) => {
      makeCheckout(folder);
      const { status, stderr } = await bootstrap(folder);
      assert.equal(status, 1);
      assert.equal(stderr, "bootstrap: which script? Usage: node bootstrap.cjs SCRIPT.ts ARGS\n");
    }));
});
