import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../support/command-lines";
import { privateMounts } from "../../support/private-mounts";
import { createFolder, describeDiskError } from "../../../tools/create-folder.cjs";
import { cacheHome, stateHome } from "../../../tools/paths";
import { problemText } from "../../../tools/pulumi/problem";
import { inPlace, LAUNCHER } from "../setup/launched";
import { inFolder } from "../setup/support";

const project = join(__dirname, "..", "..", "..");
const SETUP = "tools/setup/main.ts";

/** Variables with which a command fails, and the one line that it prints. */
const wrongEnvironments: readonly (readonly [environment: Record<string, string>, says: string])[] = [
  [
    { HOME: "/proc/nope", FUSE_TEST_CACHE: "", XDG_CACHE_HOME: "" },
    "/proc/nope cannot be created (ENOENT: no such file or directory). Use a folder that can be created",
  ],
  [
    { FUSE_TEST_CACHE: "/proc/nope/cache" },
    "/proc/nope cannot be created (ENOENT: no such file or directory). Use a folder that can be created",
  ],
  [
    { FUSE_TEST_CACHE: "/dev/null/cache" },
    "/dev/null cannot be created (ENOTDIR: not a directory). Use a path whose parts are folders",
  ],
  [
    { FUSE_TEST_CACHE: "cache" },
    'FUSE_TEST_CACHE is "cache": expected an absolute path. Correct or unset it',
  ],
  [
    { HOME: "home", FUSE_TEST_CACHE: "", XDG_CACHE_HOME: "" },
    'HOME is "home": expected an absolute path. Correct or unset it',
  ],
];

describe("a command in an environment with a fault", function () {
  this.timeout(60_000);

  for (const [environment, says] of wrongEnvironments) {
    it(`prints one line and creates nothing: ${JSON.stringify(environment)}`, async () => {
      const { status, stdout, stderr } = await runProgram(SETUP, ["engine"], { environment });
      assert.deepEqual({ status, stdout, stderr }, { status: 1, stdout: "", stderr: `${says}\n` });
      for (const name of ["cache", "home"]) assert.equal(existsSync(join(project, name)), false);
    });
  }

  it("prints one line if its cache is on a full disk, and leaves nothing there", () =>
    inFolder(async (folder) => {
      const mounts = await privateMounts('mount -t tmpfs -o size=64k,nr_inodes=4 none "$1"', folder);
      try {
        const line =
          'for i in 1 2 3; do : > "$1/filler-$i"; done; FUSE_TEST_CACHE="$1/cache" exec "$2" tools/bootstrap.cjs "$3" engine';
        const { code, stdout, stderr } = await mounts.sh(line, folder, process.execPath, SETUP);
        assert.deepEqual(
          { code, stdout, stderr },
          {
            code: 1,
            stdout: "",
            stderr: `the disk is full: ${folder}/cache cannot be written (ENOSPC). Free some space, then run the command again\n`,
          },
        );
        assert.equal((await mounts.sh('ls "$1"', folder)).stdout, "filler-1\nfiller-2\nfiller-3\n");
      } finally {
        await mounts.end();
      }
    }));

  it("starts no engine if the project's folder is read-only, because no report could be written", () =>
    inPlace(['echo "engine $1"'], async ({ env }) => {
      const mounts = await privateMounts('mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"', project);
      const variables = Object.entries(env).map(([name, value]) => `${name}=${value ?? ""}`);
      const launched = (...args: string[]) =>
        mounts.sh('cd /; exec env "$@"', ...variables, process.execPath, LAUNCHER, ...args);
      try {
        assert.deepEqual(await launched("up"), {
          code: 1,
          stdout: "",
          stderr: `pulumi: the report cannot be written into ${project} (EROFS), and nothing was changed. Use a checkout that can be written\n`,
        });
        assert.deepEqual(await launched("destroy"), { code: 0, stdout: "engine destroy\n", stderr: "" });
      } finally {
        await mounts.end();
      }
    }));

  it("fails in one line if its standard output is on a full disk", () => {
    const full = openSync("/dev/full", "w");
    try {
      const { status, stderr } = spawnSync(
        process.execPath,
        ["tools/bootstrap.cjs", "commands/report.ts", "--help"],
        { cwd: project, encoding: "utf8", stdio: ["ignore", full, "pipe"] },
      );
      assert.deepEqual(
        [status, stderr],
        [1, "standard output cannot be written (ENOSPC). Free some space, or redirect it elsewhere\n"],
      );
    } finally {
      closeSync(full);
    }
  });

  it("fails as usual if standard input, output and error are closed", () => {
    const line = '"$1" tools/bootstrap.cjs commands/start.ts --suite qick <&- >&- 2>&-';
    const { status } = spawnSync("/bin/sh", ["-c", line, "sh", process.execPath], { cwd: project });
    assert.equal(status, 2);
  });
});

describe("a command with other settings of its terminal and language", function () {
  this.timeout(60_000);

  it("prints the same help, without colours", async () => {
    const usual = await runProgram("commands/demo/main.ts", ["--help"]);
    assert.equal(usual.status, 0);
    assert.equal(usual.stdout.includes("\u001b"), false);
    for (const environment of [
      { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
      { LANG: "", LC_ALL: "C" },
      { TZ: "Pacific/Kiritimati" },
      { TERM: "" },
      { NO_COLOR: "1" },
    ])
      assert.deepEqual(await runProgram("commands/demo/main.ts", ["--help"], { environment }), usual);
  });
});

describe("the folders of the cache and the state", () => {
  it("are below the home folder of the list of users if HOME is unset or empty", () => {
    const home = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .find(([, , uid]) => uid === String(process.getuid?.()))?.[5];
    assert.ok(home);
    for (const env of [{}, { HOME: "" }]) {
      assert.equal(cacheHome(env), join(home, ".cache", "fuse-test"));
      assert.equal(stateHome(env), join(home, ".local", "state", "fuse-test"));
    }
  });

  it("ignore a relative XDG folder, as its specification says", () => {
    assert.equal(cacheHome({ HOME: "/h", XDG_CACHE_HOME: "x" }), "/h/.cache/fuse-test");
    assert.equal(stateHome({ HOME: "/h", XDG_STATE_HOME: "/s" }), "/s/fuse-test");
  });
});

describe("a folder", () => {
  it("is created with those above it, and may exist already", () =>
    inFolder((folder) => {
      for (let times = 0; times < 2; times += 1) createFolder(join(folder, "a", "b"), 0o700);
      assert.ok(existsSync(join(folder, "a", "b")));
    }));

  it("is not created in place of a file", () =>
    inFolder((folder) => {
      writeFileSync(join(folder, "file"), "");
      assert.throws(
        () => {
          createFolder(join(folder, "file"));
        },
        { code: "ENOTDIR" },
      );
    }));
});

describe("an error of the disk", () => {
  const failed = (code: string, syscall: string, path?: string): Error =>
    Object.assign(new Error(`${code}: words, ${syscall}`), { code, syscall, path });

  it("is one line with the path and the advice", () => {
    assert.equal(
      describeDiskError(failed("EROFS", "open", "/x")),
      "/x cannot be opened (EROFS: words). Use a copy or another folder that can be written",
    );
    assert.equal(
      describeDiskError(failed("ENOSPC", "write")),
      "the disk is full: a file cannot be written (ENOSPC). Free some space, then run the command again",
    );
  });

  it("is no error of anything else, nor a file that is missing", () => {
    assert.equal(describeDiskError(failed("ENOENT", "open", "/x")), undefined);
    assert.equal(describeDiskError(failed("ECONNREFUSED", "connect")), undefined);
    assert.equal(describeDiskError(new Error("other")), undefined);
    assert.equal(describeDiskError(undefined), undefined);
  });
});

describe("the error of a hook", () => {
  it("is the sentence alone, in an update and in a preview", () => {
    for (const before of ["", "Preview failed: ", "error: "])
      assert.equal(
        problemText(`${before}before hook "same-cluster" failed: the test is deployed on A`),
        "the test is deployed on A",
      );
    assert.equal(problemText("preview failed"), "");
  });
});
