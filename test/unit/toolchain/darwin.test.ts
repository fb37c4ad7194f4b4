import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePs, parseStat } from "../../../toolchain/launcher/processes";
import { makeMac } from "../../support/mac";
import { inPlace, LAUNCHER } from "./launched";
import { inFolder } from "./support";

const project = join(__dirname, "../../..");

/** Runs a program of this project as on a Mac, and asserts that it started nothing that a Mac would refuse. */
function onMac(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  return inFolder((folder) => {
    const { environment, refused } = makeMac(folder);
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: project,
      encoding: "utf8",
      env: { ...env, ...environment },
    });
    assert.equal(existsSync(refused), false, stderr);
    return { status, stdout, stderr };
  });
}

describe("On macOS", function () {
  this.timeout(120_000);

  it("npm start says in one line that the embedded cluster needs Linux, and what to do instead", async () => {
    assert.deepEqual(await onMac(["bootstrap.cjs", "commands/start.ts"]), {
      status: 2,
      stdout: "",
      stderr:
        "npm start: the embedded cluster needs Linux, this is darwin. Use a cluster of your own: npm start -- --stack homelab\n",
    });
  });

  it("npx pulumi runs the engine", () =>
    inPlace(['echo "$1 $PULUMI_BACKEND_URL"'], async ({ env, folder }) => {
      const backend = `file://${folder}/state/pulumi?metadata=skip`;
      assert.deepEqual(await onMac([LAUNCHER, "up"], env), {
        status: 0,
        stdout: `up ${backend}\n`,
        stderr: "",
      });
    }));

  it("npm run render and npm run report work", async () => {
    const rendered = await onMac(["bootstrap.cjs", "gitops/main.ts"]);
    assert.deepEqual([rendered.status, rendered.stderr], [0, ""]);
    assert.match(rendered.stdout, /^gitops\/guard\/guard\.yaml$/m);
    const shown = await onMac(["bootstrap.cjs", "report/main.ts", "docs/example"]);
    assert.equal(shown.status, 0, shown.stderr);
  });

  it("npm run verdict says what it needs", async () => {
    const { status, stderr, stdout } = await onMac(["bootstrap.cjs", "verdict/main.ts", "--help"]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /--timeout <seconds>/);
  });
});

describe("Facts about a process", () => {
  it("are the same from ps, which macOS has, and from /proc", () => {
    assert.deepEqual(
      parsePs("  1  501   501 S+   Wed Nov 25 18:00:00 2026     /Applications/My App/pulumi\n"),
      {
        name: "pulumi",
        parent: 1,
        foreground: true,
        zombie: false,
        began: "Wed Nov 25 18:00:00 2026",
      },
    );
    assert.equal(parsePs("1  501   502 Z    Wed Nov 25 18:00:00 2026 (node)\n")?.zombie, true);
    assert.equal(parsePs("1  501   502 S    Wed Nov 25 18:00:00 2026 node\n")?.foreground, false);
    assert.equal(parsePs(""), undefined);
  });

  it("are found behind a name with spaces and parentheses", () => {
    const own = readFileSync("/proc/self/stat", "utf8");
    for (const name of ["pulumi", "a ) Z b", "x (y", ""]) {
      const renamed = own.replace(/\(.*\)/, `(${name})`);
      assert.deepEqual(parseStat(renamed), { ...parseStat(own), name });
    }
  });

  it("are none in a line of /proc that is cut short", () => {
    for (const line of ["", "42", "42 (pulumi)", "42 (pulumi) S 41"])
      assert.equal(parseStat(line), undefined);
  });
});
