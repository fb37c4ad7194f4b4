import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { listFolder } from "../../../toolchain/files";
import { writeProgram } from "./programs";
import { inFolder } from "./support";

const REPOSITORY = join(__dirname, "../../..");
const LOCKING = join(REPOSITORY, "toolchain/locking");

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A lockfile that names one package besides esbuild. */
function lockfile(version: string): string {
  const packages = {
    "": {},
    "node_modules/esbuild": { version: "1.0.0" },
    "node_modules/other": { version },
  };
  return JSON.stringify({ packages });
}

/** A checkout with nothing but the bootstrap, a script, and an npm that notes what it is asked for. */
function makeCheckout(folder: string): void {
  cpSync(join(REPOSITORY, "bootstrap.cjs"), join(folder, "bootstrap.cjs"));
  for (const file of ["broken-pipe.cjs", "load.cjs", "bundle.cjs", "lock.cjs", "packages.cjs"]) {
    cpSync(join(REPOSITORY, "toolchain", file), join(folder, "toolchain", file));
  }
  const locking = join(folder, "toolchain", "locking");
  mkdirSync(locking);
  for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
    cpSync(join(LOCKING, file), join(locking, file));
  }
  writeFileSync(join(folder, "package-lock.json"), lockfile("1.0.0"));
  writeFileSync(join(folder, "script.ts"), "console.log(process.argv.slice(2).join('|')); process.exit(5);");
  mkdirSync(join(folder, "asked"));
  writeProgram(
    join(folder, "bin", "npm"),
    // The lock has packages of its own.
    "case $PWD in *locking*)",
    `  cp -r "${LOCKING}/node_modules" .; echo lock > "${folder}/asked/$$"`,
    `  if mkdir "${folder}/first" 2>/dev/null; then : > node_modules/of-the-first; exit; fi`,
    "  polls=0",
    `  until [ -e "${locking}/node_modules" ] || [ $polls -ge 200 ]; do polls=$((polls + 1)); sleep 0.05; done`,
    "  exit ;;",
    "esac",
    `echo "$*" > "${folder}/asked/$$"`,
    "sleep 0.3",
    "mkdir -p node_modules",
    `ln -sfn ${join(REPOSITORY, "node_modules/esbuild")} node_modules/esbuild`,
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
      assert.ok(existsSync(join(folder, "toolchain/locking/node_modules/of-the-first")));
      assert.deepEqual(listFolder(join(folder, "toolchain", "locking")).sort(), [
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
          `bootstrap: npm ci failed (status 3). Fix what it reports above, or run it by hand in ${folder}/toolchain/locking\n`,
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
