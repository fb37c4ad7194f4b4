import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { listFolder, writeWhole } from "../../../tools/setup/files";
import { inFolder } from "./support";

const REPOSITORY = join(__dirname, "..", "..", "..");

/** A checkout with a small program, in a folder of its own. */
interface Checkout {
  readonly folder: string;
  readonly bundle: string;
  readonly write: (file: string, content: string) => void;
  /** Runs the program; resolves with what it prints to standard output, and how it ended. */
  readonly run: (...args: readonly string[]) => Promise<{ status: number | null; out: string; err: string }>;
}

async function run(folder: string, args: readonly string[]) {
  const program = [join(folder, "tools/load.cjs"), "part/main.ts", ...args];
  const child = spawn(process.execPath, ["--enable-source-maps", ...program], { cwd: "/" });
  const [[status], out, err] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, out, err };
}

const MAIN = `import { readFileSync } from "node:fs";
import { join } from "node:path";
import { word } from "../words";
const file: string = readFileSync(join(__dirname, "file.txt"), "utf8");
console.log([word, file, ...process.argv.slice(2)].join("|"));
if (process.argv[2] === "throw") throw new Error("thrown");
`;

function inCheckout(use: (checkout: Checkout) => Promise<void>): Promise<void> {
  return inFolder((folder) => {
    const write = (file: string, content: string): void => {
      writeWhole(join(folder, file), content);
    };
    mkdirSync(join(folder, "node_modules"));
    for (const name of ["esbuild", "@esbuild"]) {
      symlinkSync(join(REPOSITORY, "node_modules", name), join(folder, "node_modules", name));
    }
    for (const name of ["broken-pipe", "child", "create-folder", "bundle", "load"]) {
      cpSync(join(REPOSITORY, "tools", `${name}.cjs`), join(folder, "tools", `${name}.cjs`));
    }
    cpSync(join(REPOSITORY, "tsconfig.json"), join(folder, "tsconfig.json"));
    write("part/main.ts", MAIN);
    write("part/file.txt", "beside");
    write("words/index.ts", 'export const word = "one";\n');
    const bundle = join(folder, "dist", "part-main.cjs");
    return use({ folder, bundle, write, run: (...args) => run(folder, args) });
  });
}

/** Identifies the bundle that is there: another one has another inode or time. */
function identity(file: string): string {
  const { ino, mtimeMs } = statSync(file);
  return `${ino} ${mtimeMs}`;
}

const ONE = { status: 0, out: "one|beside\n", err: "" };
const TWO = { status: 0, out: "two|beside\n", err: "" };

describe("A bundle", function () {
  this.timeout(60_000);

  it("runs with its arguments, finds the files beside its modules, and is kept while nothing changes", () =>
    inCheckout(async ({ run, bundle }) => {
      assert.deepEqual(await run("a b", "-c"), { ...ONE, out: "one|beside|a b|-c\n" });
      const before = identity(bundle);
      assert.deepEqual(await run(), ONE);
      assert.equal(identity(bundle), before);
    }));

  it("finds the files beside modules of folders at any depth", () =>
    inCheckout(async ({ run, write }) => {
      write(
        "a/b/one.ts",
        'import { join } from "node:path";\nexport const one = join(__dirname, "../..", "a");\n',
      );
      write(
        "words/index.ts",
        'import { basename, dirname } from "node:path";\nimport { one } from "../a/b/one";\nexport const word = one === `${dirname(__dirname)}/a` ? basename(__dirname) : one;\n',
      );
      assert.deepEqual(await run(), { ...ONE, out: "words|beside\n" });
    }));

  it("is made anew when a module changes, even if its size and its time stay", () =>
    inCheckout(async ({ folder, run, write }) => {
      await run();
      const { atime, mtime } = statSync(join(folder, "words/index.ts"));
      write("words/index.ts", 'export const word = "two";\n');
      utimesSync(join(folder, "words/index.ts"), atime, mtime);
      assert.deepEqual(await run(), TWO);
    }));

  it("is made anew when a new module is what an import means from then on, and when that is gone again", () =>
    inCheckout(async ({ folder, run, write }) => {
      await run();
      write("words.ts", 'export const word = "two";\n');
      assert.deepEqual(await run(), TWO);
      rmSync(join(folder, "words.ts"));
      assert.deepEqual(await run(), ONE);
    }));

  it("is made anew when other packages are installed, or when it is not whole", () =>
    inCheckout(async ({ run, write, bundle }) => {
      await run();
      const first = identity(bundle);
      write("node_modules/.package-lock.json", "{}");
      assert.deepEqual(await run(), ONE);
      const second = identity(bundle);
      assert.notEqual(second, first);
      truncateSync(bundle, 100);
      assert.deepEqual(await run(), ONE);
      assert.notEqual(identity(bundle), second);
    }));

  it("is not run when the sources have an error, which is said in one line", () =>
    inCheckout(async ({ run, write }) => {
      await run();
      write("words/index.ts", 'export const = "two";\n');
      assert.deepEqual(await run(), {
        status: 1,
        out: "",
        err: 'words/index.ts:1: Expected identifier but found "="\n',
      });
      write("words/index.ts", 'export const word = "one";\n');
      assert.deepEqual(await run(), ONE);
    }));

  it("can be made by several processes at once, which leave nothing else behind", () =>
    inCheckout(async ({ folder, run }) => {
      assert.deepEqual(await Promise.all([run(), run(), run()]), [ONE, ONE, ONE]);
      assert.deepEqual(listFolder(join(folder, "dist")).sort(), ["part-main.cjs", "part-main.cjs.map"]);
    }));

  it("has a source map that names the module and the line", () =>
    inCheckout(async ({ run, folder }) => {
      const { status, err } = await run("throw");
      assert.equal(status, 1);
      assert.ok(err.includes(`${join(folder, "part/main.ts")}:6:`), err);
    }));
});

describe("What Pulumi loads", () => {
  const shims = ["index.cjs", "policy/index.cjs", "policy/organization/index.cjs"];
  for (const file of shims) {
    it(`goes through the bundle of ${file.replace(/cjs$/, "ts")}, after what makes parts of the SDK wait`, () => {
      const lines = readFileSync(join(REPOSITORY, file), "utf8").split("\n");
      const up = file.includes("/") ? "../".repeat(file.split("/").length - 1) : "./";
      assert.equal(lines[1], `require("${up}tools/lazy-sdk.cjs");`);
      assert.equal(lines[2], `require("${up}tools/stack-traces.cjs");`);
      assert.ok(lines[3]?.endsWith(`require("${up}tools/load.cjs").load("${file.replace(/cjs$/, "ts")}");`));
      assert.equal(lines.length, 5);
    });
  }
});
