import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parsePs, parseStat } from "../../../toolchain/launcher/processes";
import { inPlace, LAUNCHER } from "./launched";

const project = join(__dirname, "../../..");

/** The program of esbuild that this machine has, which a Mac would have for its own platform. */
function esbuildProgram(): string {
  const { resolve } = createRequire(join(project, "node_modules/esbuild/package.json"));
  return resolve(`@esbuild/linux-${process.arch}/bin/esbuild`);
}

/** Runs a program of this project as on a Mac. */
function onMac(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project,
    encoding: "utf8",
    env: {
      ...env,
      NODE_OPTIONS: `--require ${join(project, "test/support/darwin.cjs")}`,
      ESBUILD_BINARY_PATH: esbuildProgram(),
    },
  });
  return { status, stdout, stderr };
}

describe("On macOS", function () {
  this.timeout(120_000);

  it("npm start says in one line that the embedded cluster needs Linux, and what to do instead", () => {
    assert.deepEqual(onMac(["bootstrap.cjs", "commands/start.ts"]), {
      status: 2,
      stdout: "",
      stderr:
        "npm start: the embedded cluster needs Linux, this is darwin. Use a cluster of your own: npm start -- --stack homelab\n",
    });
  });

  it("npx pulumi runs the engine", () =>
    inPlace(['echo "$1 $PULUMI_BACKEND_URL"'], ({ env, folder }) => {
      const backend = `file://${folder}/state/pulumi?metadata=skip`;
      assert.deepEqual(onMac([LAUNCHER, "up"], env), { status: 0, stdout: `up ${backend}\n`, stderr: "" });
    }));

  it("npm run render and npm run report work", () => {
    const rendered = onMac(["bootstrap.cjs", "gitops/main.ts"]);
    assert.deepEqual([rendered.status, rendered.stderr], [0, ""]);
    assert.match(rendered.stdout, /^gitops\/guard\/guard\.yaml$/m);
    const shown = onMac(["bootstrap.cjs", "report/main.ts", "docs/example"]);
    assert.equal(shown.status, 0, shown.stderr);
  });

  it("npm run verdict says what it needs", () => {
    const { status, stderr, stdout } = onMac(["bootstrap.cjs", "verdict/main.ts", "--help"]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /--timeout <seconds>/);
  });
});

describe("Facts about a process", () => {
  it("are the same from ps, which macOS has, and from /proc", () => {
    assert.deepEqual(parsePs("  501   501 S+   Wed Nov 25 18:00:00 2026\n"), {
      foreground: true,
      zombie: false,
      began: "Wed Nov 25 18:00:00 2026",
    });
    assert.equal(parsePs("  501   502 Z    Wed Nov 25 18:00:00 2026\n")?.zombie, true);
    assert.equal(parsePs("  501   502 S    Wed Nov 25 18:00:00 2026\n")?.foreground, false);
    assert.equal(parsePs(""), undefined);
  });

  it("are found behind a name with spaces and parentheses", () => {
    const own = readFileSync("/proc/self/stat", "utf8");
    const renamed = own.replace(/\(.*\)/, "(a ) Z b)");
    assert.deepEqual(parseStat(renamed), parseStat(own));
  });
});
