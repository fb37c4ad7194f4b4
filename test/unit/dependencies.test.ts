import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "./setup/support";

const root = join(__dirname, "..", "..");

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

/** Reads the packages that a folder's lockfile names, without the folder's own. */
function lockedIn(folder: string): (readonly [string, Locked])[] {
  const { packages } = JSON.parse(readFileSync(join(root, folder, "package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, Locked>>;
  };
  return Object.entries(packages).filter(
    ([path, { link }]) => path.startsWith("node_modules/") && link !== true,
  );
}

function writePackage(folder: string, content: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ version: "1.0.0", ...content }));
}

/** Installs a package whose install script makes a file. @returns whether it did. */
function scriptRuns(folder: string, npmrc: string | undefined): boolean {
  const made = join(folder, "made-by-a-script");
  const scripts = { install: `touch ${made}`, postinstall: `touch ${made}` };
  writePackage(join(folder, "dependency"), { name: "with-a-script", scripts });
  writePackage(join(folder, "project"), {
    name: "project",
    dependencies: { "with-a-script": "file:../dependency" },
  });
  if (npmrc !== undefined) copyFileSync(npmrc, join(folder, "project", ".npmrc"));
  const { status, stderr } = spawnSync("npm", ["install", "--offline", "--install-links"], {
    cwd: join(folder, "project"),
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: folder },
  });
  assert.equal(status, 0, stderr);
  assert.ok(existsSync(join(folder, "project", "node_modules", "with-a-script", "package.json")));
  return existsSync(made);
}

describe("dependencies", function () {
  this.timeout(60_000);

  it("run no install script of theirs under this project's settings, as they would under npm's own", async () => {
    assert.equal(await inFolder((folder) => scriptRuns(folder, join(root, ".npmrc"))), false);
    assert.equal(await inFolder((folder) => scriptRuns(folder, undefined)), true);
  });

  it("are each locked by version and checksum, and bound to no registry", () => {
    assert.ok(lockedIn(".").length > 100);
    const folders = [".", "tools/locking", "test/mutation", "test/runtimes"];
    const packages = folders.flatMap(lockedIn);
    for (const [path, { version, integrity, resolved }] of packages) {
      assert.match(version ?? "", /^\d+\.\d+\.\d+/, path);
      assert.match(integrity ?? "", /^sha512-[\w+/]{86}==$/, path);
      assert.equal(resolved, undefined, path);
    }
  });
});
