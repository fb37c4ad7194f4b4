import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../tools/setup/run";
import { type PrivateMounts, privateMounts } from "../support/private-mounts";

const programs = join(__dirname, "..", "..", "pods");

/** Starts the cleaner of run r1 in a /tmp of its own, which is $1, and ends it with TERM after the steps. */
function script(steps: string): string {
  return `
set -e
folder=$1/bridge/r1
fifo=$folder/signals/producer-r1
until_gone() { while [ -e "$folder" ]; do sleep 0.05; done; }
mkdir -p "$folder/signals" "$folder/mount" "$1/scratch"
mkfifo "$fifo"
: >"$folder/mount/NOT-MOUNTED"
: >"$folder/signals/mounted-r1"
env RUN=r1 BRIDGE="$1/bridge" FUSE_TEST_TMP="$1" STANDBY=no FUSE_TEST_PROGRAMS="${programs}" FUSE_TEST_SCRATCH="$1/scratch" \\
  sh "${programs}/cleaner.sh" >"$1/log" &
cleaner=$!
${steps}
kill -TERM $cleaner
wait $cleaner
cat "$1/log"
`;
}

describe("the cleaner", function () {
  this.timeout(120_000);
  let folder: string;
  let mounts: PrivateMounts;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-cleaner-"));
    mounts = await privateMounts('mount -t tmpfs none "$1"', folder);
  });

  afterEach(async () => {
    await mounts.end();
    rmSync(folder, { recursive: true });
  });

  /** Returns the events that the cleaner and its janitor print, each with the path below the bridge. */
  async function run(steps: string): Promise<string[]> {
    // As in a container, no process outlives the first one: one may wait at a FIFO for ever.
    const apart = ["unshare", "--pid", "--fork", "--kill-child"];
    const argv = [...mounts.through, ...apart, "sh", "-c", script(steps), "sh", folder];
    const { code, stdout, stderr } = await runCommand({ argv, timeoutMilliseconds: 90_000 });
    assert.equal(code, 0, stdout + stderr);
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; path?: string; clean?: boolean })
      .map(({ event, path = "", clean }) =>
        `${event} ${path.replace(`${folder}/bridge`, "")}${clean === undefined ? "" : String(clean)}`.trim(),
      );
  }

  // Whoever reads the FIFO is the producer: it is there until the cleaner has knocked.
  const producerEnds = 'cat "$fifo"\nuntil_gone';
  const cleaned = [
    "removed /r1/mount/NOT-MOUNTED",
    "removed /r1/mount",
    "removed /r1/signals/mounted-r1",
    "removed /r1/signals/producer-r1",
    "removed /r1/signals",
    "removed /r1",
  ];

  it("cleans when the producer has ended, and continues until it is deleted", async () => {
    const events = await run(producerEnds);
    assert.deepEqual(
      events.filter((event) => event.startsWith("removed /r1")),
      cleaned,
    );
    assert.deepEqual([events[0], events.at(-1)], ["started", "finished true"]);
  });

  it("cleans again when a pod that starts late brings the directory back after the producer's end", async () => {
    const events = await run(`${producerEnds}\nmkdir -p "$folder"\nuntil_gone`);
    assert.deepEqual(
      events.filter((event) => event.startsWith("removed /r1")),
      [...cleaned, "removed /r1"],
    );
  });

  it("names what is not the test's and leaves it, until it is gone", async () => {
    const foreign = 'echo mine >"$folder/notes"';
    const events = await run(
      `${foreign}\ncat "$fifo"\nuntil grep -qF '"foreign"' "$1/log"; do sleep 0.05; done\nrm "$folder/notes"`,
    );
    assert.ok(events.includes("foreign /r1/notes"), events.join());
    assert.equal(events.at(-1), "finished true");
  });
});

describe("a command that writes into a FIFO", () => {
  const scriptOf = (steps: string): string => `. "${programs}/common.sh"\nfifo=$SCRATCH/fifo\n${steps}`;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-fifo-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  for (const shell of [["dash"], ["busybox", "sh"], ["bash", "--posix"]]) {
    const [program = "", ...options] = shell;
    const run = (steps: string): string =>
      execFileSync(program, [...options, "-c", scriptOf(steps)], {
        encoding: "utf8",
        env: { PATH: process.env.PATH, SCRATCH: folder, RUN: "r1", ROLE: "cleaner" },
        stdio: ["ignore", "pipe", "ignore"],
        timeout: 20_000,
      });

    it(`is read by the process that holds it open (${program})`, () => {
      const steps = 'mkfifo "$fifo"\nexec 8<>"$fifo"\ninto "$fifo" echo stop\nread -r word <&8\necho "$word"';
      assert.equal(run(steps), "stop\n");
    });

    it(`makes no file if the FIFO has been removed, and writes to no other file (${program})`, () => {
      assert.equal(run('into "$fifo" echo stop || echo failed'), "failed\n");
      assert.equal(existsSync(join(folder, "fifo")), false);
      writeFileSync(join(folder, "fifo"), "mine\n");
      assert.equal(run('into "$fifo" echo stop || echo failed'), "failed\n");
      assert.equal(readFileSync(join(folder, "fifo"), "utf8"), "mine\n");
    });
  }
});
