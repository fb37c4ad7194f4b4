import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { engineEnvironment } from "../../../tools/paths";
import { writeWhole } from "../../../tools/setup/files";
import { pulumiBinary, pulumiEnvironment } from "../../../tools/setup/pulumi";
import { inPlace, killed, launch, LAUNCHER, started, WHEN } from "./launched";
import { inFolder } from "./support";

const SHOWN = [
  "PULUMI_HOME",
  "PULUMI_BACKEND_URL",
  "PULUMI_CONFIG_PASSPHRASE",
  "PULUMI_SKIP_UPDATE_CHECK",
  "PATH",
];

const SHOW = SHOWN.map((name) => `echo "${name}=\${${name}-unset}"`);

function show(env: NodeJS.ProcessEnv): string[] {
  const { stdout } = spawnSync(process.execPath, [LAUNCHER], { env, encoding: "utf8" });
  return stdout.trim().split("\n");
}

describe("The launcher behind npx pulumi", function () {
  this.timeout(20_000);

  it("gives the engine this project's home, backend and passphrase if nothing is set", () =>
    inPlace(SHOW, ({ env, folder }) => {
      assert.deepEqual(show(env), [
        `PULUMI_HOME=${folder}/cache/pulumi`,
        `PULUMI_BACKEND_URL=file://${folder}/state/pulumi?metadata=skip`,
        "PULUMI_CONFIG_PASSPHRASE=",
        "PULUMI_SKIP_UPDATE_CHECK=true",
        `PATH=${folder}/engine:${env.PATH ?? ""}`,
      ]);
      assert.equal(statSync(join(folder, "state", "pulumi")).mode & 0o777, 0o700);
    }));

  it("leaves what the user has set as it is", () =>
    inPlace(SHOW, ({ env, folder }) => {
      const given = {
        ...env,
        PULUMI_HOME: "/home",
        PULUMI_BACKEND_URL: "s3://bucket",
        PULUMI_CONFIG_PASSPHRASE: "words",
        PULUMI_SKIP_UPDATE_CHECK: "false",
      };
      assert.deepEqual(show(given).slice(0, 4), [
        "PULUMI_HOME=/home",
        "PULUMI_BACKEND_URL=s3://bucket",
        "PULUMI_CONFIG_PASSPHRASE=words",
        "PULUMI_SKIP_UPDATE_CHECK=false",
      ]);
      assert.throws(() => statSync(join(folder, "state")), { code: "ENOENT" });
    }));

  it("sets no backend for a user of Pulumi Cloud, and no passphrase for one who has it in a file", () =>
    inPlace(SHOW, ({ env }) => {
      const given = { ...env, PULUMI_ACCESS_TOKEN: "token", PULUMI_CONFIG_PASSPHRASE_FILE: "/file" };
      assert.deepEqual(show(given).slice(1, 3), [
        "PULUMI_BACKEND_URL=unset",
        "PULUMI_CONFIG_PASSPHRASE=unset",
      ]);
    }));

  it("hands on the arguments, the input, the output and the status", () =>
    inPlace(['printf "%s|" "$@"', "cat", "echo trouble >&2", "exit 7"], ({ env }) => {
      const args = [LAUNCHER, "up", "a b", "--suppress-outputs"];
      const { stdout, stderr, status } = spawnSync(process.execPath, args, {
        env,
        encoding: "utf8",
        input: "typed",
      });
      assert.deepEqual(
        { stdout, stderr, status },
        { stdout: "up|a b|--suppress-outputs|typed", stderr: "trouble\n", status: 7 },
      );
    }));

  it("hands a signal on, and ends as the engine ends", () =>
    inPlace(["trap 'exit 9' TERM", "echo ready", "while :; do sleep 0.05; done"], async ({ env }) => {
      const child = spawn(process.execPath, [LAUNCHER], { env, stdio: ["ignore", "pipe", "inherit"] });
      await started(child);
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      assert.deepEqual(await ended, [9, null]);
    }));

  it("fails a destroy that was asked to stop, although the engine says that it has succeeded", () => {
    const stops = [
      'trap "exit 0" TERM',
      '[ "$1" != destroy ] || { kill -TERM $PPID; while :; do sleep 0.05; done; }',
      'echo "$*"',
    ];
    return inPlace(stops, ({ env }) => {
      const { status, stderr } = launch(env, "destroy");
      assert.deepEqual([status, stderr.split("\n").length], [1, 2]);
      assert.match(
        stderr,
        /^pulumi: the destroy was interrupted \(SIGTERM\), and may have left something\. Run it/,
      );
      assert.deepEqual(launch(env, "up", "--json"), { stdout: "up --json\n", stderr: "", status: 0 });
    });
  });

  it("ends by the signal that ended the engine", () =>
    inPlace(["echo ready", "exec sleep 30"], async ({ env }) => {
      const child = spawn(process.execPath, [LAUNCHER], { env, stdio: ["ignore", "pipe", "inherit"] });
      await started(child);
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      assert.deepEqual(await ended, [null, "SIGTERM"]);
    }));

  it("says in one line what to run if nothing is set up", () =>
    inFolder((folder) => {
      const env = { PATH: process.env.PATH, FUSE_TEST_CACHE: folder };
      const { stderr, status } = spawnSync(process.execPath, [LAUNCHER, "up"], { env, encoding: "utf8" });
      assert.equal(
        stderr,
        `pulumi: the Pulumi engine is not set up (${folder}/engine.json: ENOENT). Run: npm run setup\n`,
      );
      assert.equal(status, 1);
    }));

  it("says in one line what to run where the engine has been removed", () =>
    inPlace([], ({ env, folder }) => {
      const record = { bin: join(folder, "gone"), path: [] };
      writeWhole(join(folder, "cache", "engine.json"), JSON.stringify(record));
      const { stderr, status } = spawnSync(process.execPath, [LAUNCHER, "up"], { env, encoding: "utf8" });
      assert.equal(stderr, `pulumi: ${folder}/gone cannot be started (ENOENT). Run: npm run setup\n`);
      assert.equal(status, 1);
    }));
});

/** An engine whose stack holds the outputs of a run of 2026-01-02, and whose update waits, fails or succeeds. */
const STACK = [
  'case "$1 $2" in',
  '  "stack output") case "$*" in',
  `      *--json*) echo '{"verdict":"SUCCESS","run":{"id":"old","start":"2026-01-02T03:04:05.000Z"}}' ;;`,
  "      *) echo SUCCESS ;;",
  "    esac ;;",
  '  "up wait") echo updating; exec sleep 30 ;;',
  '  "up fail") exit 255 ;;',
  "esac",
];

const OLD = "the outputs are of run old, of 2026-01-02T03:04:05.000Z";
describe("The launcher, asked for a stack's outputs", function () {
  this.timeout(20_000);

  it("withholds those of the run before an update that was killed before its program ran", () =>
    inPlace(STACK, async ({ env }) => {
      await killed(env, "up", "wait");
      const { stdout, stderr, status } = launch(env, "stack", "output", "verdict");
      assert.deepEqual([stdout, status], ["", 1]);
      const words = `^pulumi: the last update, of ${WHEN}, was killed and gave no verdict: ${OLD}. Run: npx pulumi up\\n$`;
      assert.match(stderr, new RegExp(words));
    }));

  it("shows those of an update that was killed when its program had set them", () =>
    inPlace(
      STACK.map((line) => line.replace("2026-01-02", "2999-01-02")),
      async ({ env }) => {
        await killed(env, "up", "wait");
        assert.deepEqual(launch(env, "stack", "output", "verdict"), {
          stdout: "SUCCESS\n",
          stderr: "",
          status: 0,
        });
      },
    ));

  it("shows those of the run before an update that failed, and says whose they are", () =>
    inPlace(STACK, ({ env }) => {
      assert.equal(launch(env, "up", "fail").status, 255);
      const { stdout, stderr, status } = launch(env, "stack", "output", "verdict");
      assert.deepEqual([stdout, status], ["SUCCESS\n", 0]);
      assert.match(
        stderr,
        new RegExp(`^pulumi: the last update, of ${WHEN}, ended with status 255: ${OLD}\\n$`),
      );
    }));

  it("shows them without a word after an update that changed nothing, which makes good for one that was killed", () =>
    inPlace(STACK, async ({ env }) => {
      await killed(env, "up", "wait");
      launch(env, "up");
      assert.deepEqual(launch(env, "stack", "output", "verdict"), {
        stdout: "SUCCESS\n",
        stderr: "",
        status: 0,
      });
    }));

  it("distinguishes stacks that are named", () =>
    inPlace(STACK, async ({ env }) => {
      await killed(env, "up", "wait", "--stack", "organization/fuse-test/homelab");
      assert.equal(launch(env, "stack", "output", "verdict", "--stack=local").status, 0);
      assert.equal(launch(env, "stack", "output", "verdict", "-s", "homelab").status, 1);
      assert.equal(launch(env, "stack", "output", "verdict").status, 1);
    }));

  it("withholds them where a dead process of this machine holds the stack's lock, however it was started", () =>
    inPlace(STACK, ({ env, folder }) => {
      const dead = spawnSync(process.execPath, ["-e", ""]).pid;
      const timestamp = "2026-03-04T05:06:07.000000008Z";
      const lock = join(folder, "state/pulumi/.pulumi/locks/organization/fuse-test/local/1.json");
      writeWhole(lock, JSON.stringify({ pid: dead, hostname: hostname(), timestamp }));
      const { stdout, stderr, status } = launch(env, "stack", "output", "verdict");
      assert.deepEqual([stdout, status], ["", 1]);
      assert.match(stderr, /^pulumi: the last update, of 2026-03-04T05:06:07.000Z, was killed/);
      assert.equal(launch(env, "stack", "output", "verdict", "--stack", "other").status, 0);
      assert.equal(
        launch(env, "up").stderr,
        `pulumi: removed the lock of process ${dead}, which was killed\n`,
      );
    }));
});

describe("The launcher, where the state cannot be used", function () {
  this.timeout(20_000);

  it("starts nothing, and names the damaged file and the copy of it, unless another stack is meant", () =>
    inPlace(["echo started"], ({ env, folder }) => {
      const file = join(folder, "state/pulumi/.pulumi/stacks/fuse-test/local.json");
      writeWhole(file, '{"version":3,"check');
      for (const verb of ["up", "destroy", "refresh"]) {
        const { stdout, stderr, status } = launch(env, verb);
        assert.deepEqual([stdout, status], ["", 1], verb);
        const start = `pulumi: the state cannot be used, and nothing was changed: ${file} is damaged (`;
        assert.ok(stderr.startsWith(start), stderr);
        assert.ok(
          stderr.includes(` is in ${file}.bak. Restore it: cp ${file}.bak ${file}, then run: npx pulumi up.`),
          stderr,
        );
        assert.equal(stderr.split("\n").length, 2);
      }
      assert.equal(launch(env, "up", "--stack", "homelab").stdout, "started\n");
      assert.equal(launch(env, "stack", "ls").stdout, "started\n");
    }));

  it("puts a state back that an update has damaged, and leaves one that is whole", () =>
    inPlace(
      ['printf "$2" >"$FUSE_TEST_STATE/pulumi/.pulumi/stacks/fuse-test/local.json"', "exit 255"],
      ({ env, folder }) => {
        const file = join(folder, "state/pulumi/.pulumi/stacks/fuse-test/local.json");
        writeWhole(file, "[1]");
        assert.deepEqual(launch(env, "up", "[1,"), {
          stdout: "",
          stderr: `pulumi: ${file} was damaged, and was restored to the state before the last change\n`,
          status: 255,
        });
        assert.equal(readFileSync(file, "utf8"), "[1]");
        assert.deepEqual(launch(env, "up", "[1,2]"), { stdout: "", stderr: "", status: 255 });
        assert.equal(readFileSync(file, "utf8"), "[1,2]");
      },
    ));

  it("lets the engine say what it has to say of a backend that is no folder", () =>
    inPlace(["echo started"], ({ env }) => {
      assert.equal(launch({ ...env, PULUMI_BACKEND_URL: "s3://bucket" }, "up").stdout, "started\n");
    }));
});

describe("The environment for our own scripts", () => {
  it("is the launcher's, on top of the given one", () =>
    inPlace([], ({ env, folder }) => {
      assert.equal(pulumiBinary(env), join(folder, "engine", "pulumi"));
      assert.deepEqual(pulumiEnvironment({ ...env, OTHER: "kept" }), {
        FUSE_TEST_CACHE: join(folder, "cache"),
        FUSE_TEST_STATE: join(folder, "state"),
        OTHER: "kept",
        PATH: `${folder}/engine:${env.PATH ?? ""}`,
        PULUMI_HOME: `${folder}/cache/pulumi`,
        PULUMI_BACKEND_URL: `file://${folder}/state/pulumi?metadata=skip`,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "../../../tools/preload.cjs"))}`,
        NODE_COMPILE_CACHE: `${folder}/cache/compiled`,
      });
    }));

  it("keeps the user's own options of Node.js", () =>
    inPlace([], ({ env }) => {
      const { NODE_OPTIONS } = pulumiEnvironment({ ...env, NODE_OPTIONS: "--trace-warnings" });
      assert.match(NODE_OPTIONS ?? "", /^--trace-warnings --require ".*preload\.cjs"$/);
    }));

  it("keeps an empty passphrase that the user chose", () => {
    const plugins = { language: "thin", kubernetes: "module", command: "thin" } as const;
    const engine = { bin: "", version: "", source: "built", reason: "", plugins, path: [] } as const;
    const added = engineEnvironment(engine, { PULUMI_CONFIG_PASSPHRASE: "" });
    assert.equal("PULUMI_CONFIG_PASSPHRASE" in added, false);
  });
});
