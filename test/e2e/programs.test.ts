import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Role } from "../../manifests/common";
import { decide } from "../../verdict/decide";
import type { Observation } from "../../verdict/observation";
import { type LogLine, parsePodLog } from "../../protocol/pod-log";
import { observed, passing, passingFacts } from "../support/observations";
import { type PodRoot, podRoot, type Shell } from "../support/pod-root";
import { toolsOf } from "../support/tools-of-pods";

const DRIVERS = ["bindfs", "fusermount", "fusermount3", "rclone"];
const roles = ["producer", "consumer", "control"] as const;
type Logs = Readonly<Record<Role, readonly LogLine[]>>;

/** What the API would say of pods that ended as their last lines say. */
function observe(logs: Logs): Observation {
  const pods = Object.fromEntries(
    roles.map((role) => {
      const facts = passingFacts(role);
      const failed = logs[role].some(({ text }) => /"event":"(?:failed|gave-up)"/.test(text));
      const ended = failed
        ? { ...facts.container, state: "terminated" as const, exitCode: 1 }
        : facts.container;
      return [role, observed(role, [...logs[role]], { ...facts, container: ended })];
    }),
  ) as Observation["pods"];
  return passing({ pods });
}

/** What is judged of the set-up, which namespaces cannot have as a cluster does. */
const ofTheSetUp = /^(?:consumer-unprivileged|placement)$/;

/** The verdict on what pods said: its cause, or "" where every check passed that is available here. */
function judge(logs: Logs): { cause: string; summary: string } {
  const decision = decide(observe(logs));
  const checks = decision.certain ? decision.judgement.checks : decision.checks;
  const failed = checks.filter(({ name, passed }) => passed === false && !ofTheSetUp.test(name));
  if (decision.certain && decision.judgement.cause !== "control-failed") {
    const { cause, summary } = decision.judgement;
    return { cause, summary };
  }
  assert.ok(checks.length > 10, JSON.stringify(logs, null, 1));
  return { cause: failed.map(({ name, observed: seen }) => `${name}: ${seen}`).join(), summary: "" };
}

const pods = join(__dirname, "..", "..", "pods");
const tools = [...new Set([...toolsOf("producer"), ...toolsOf("consumer")])];

/** Programs that only a run that fails needs, or whose lack shows as the shell's own line in the log, which is quoted. */
const unusual = new Set(["chown", "mount", "rm", "rmdir", "sleep", "umount"]);

describe("the pods' programs in an image", function () {
  this.timeout(240_000);

  for (const shell of ["dash", "bash", "busybox"] as readonly Shell[]) {
    describe(`with ${shell} as its shell`, () => {
      let root: PodRoot;

      before(async () => {
        root = await podRoot({ shell, tools, drivers: DRIVERS });
      });

      after(() => root.end());

      it("pass with no other programs than those that they look for", async () => {
        assert.deepEqual(judge(await root.run({ driver: "bindfs" })), { cause: "", summary: "" });
      });

      it("pass whatever the image and the runtime set around them, on a root that is read-only and has no /tmp", async () => {
        const logs = await root.run({
          driver: "rclone",
          image: {
            PATH: "/odd:/bin",
            LC_ALL: "xx_XX.UTF-8",
            LANG: "de_DE.UTF-8",
            LANGUAGE: "de",
            ENV: "/odd/env",
            BASH_ENV: "/odd/env",
            IFS: "/",
            CDPATH: "/odd",
            POSIXLY_CORRECT: "1",
            GREP_OPTIONS: "-v",
            LD_PRELOAD: "/odd/none.so",
            LD_AUDIT: "/odd/none.so",
            LD_LIBRARY_PATH: "/odd",
            EXECIGNORE: "*",
            GLOBIGNORE: "*",
            SHELLOPTS: "errexit:noglob:nounset:pipefail",
            BASHOPTS: "nullglob:dotglob:extglob:lastpipe:xpg_echo:nocaseglob:nocasematch",
            TMOUT: "1",
            TMPDIR: "/none",
            RCLONE_READ_ONLY: "no such value",
            RCLONE_DAEMON: "true",
            ...{ PROGRAMS: "/odd", SCRATCH: "/odd", BRIDGE: "/odd", CGROUPS: "/odd", TMP: "/odd" },
            ...{
              ALLOW_OTHER: "no",
              NON_EMPTY: "yes",
              JUDGE: "odd",
              REPORTING: "file",
              REPORT: "/odd/report",
            },
            ...{ ROLES: "odd", MISSING: "odd", BROKEN: "odd", DRIVER_PROGRAMS: "odd", TOOLS: "odd" },
          },
          prepare: `
            mkdir "$1/odd"
            printf '#!/bin/sh\\necho odd\\n' >"$1/odd/stat"
            cp "$1/odd/stat" "$1/odd/grep"
            echo 'echo odd' >"$1/odd/env"
            chmod 755 "$1/odd/stat" "$1/odd/grep"`,
          before: 'ulimit -S -f 8; umask 077; mount -o remount,ro,bind "$root"',
        });
        const [ofProducer] = parsePodLog(logs.producer, { run: "r1", role: "producer" }).events.slice(-2);
        assert.match(JSON.stringify(ofProducer), / \/ \/ ro,/);
        assert.deepEqual(judge(logs), { cause: "", summary: "" });
      });

      // The shell of busybox has the others within it, wherever they are: nothing can be taken from it.
      if (shell === "busybox") return;

      it(`name each of the ${tools.length} programs that the image lacks, at once and whoever lacks it`, async () => {
        for (const tool of tools) {
          const logs = await root.run({
            driver: "bindfs",
            prepare: `mv "$1/bin/${tool}" "$1/hidden"`,
            timeoutSeconds: 1,
          });
          const { cause, summary } = judge(logs);
          assert.equal(cause, "tool-missing", `${tool}: ${JSON.stringify(logs)}`);
          assert.ok(summary.includes(`(${tool} is not in the image)`), summary);
          for (const role of roles) {
            if (role !== "producer" && !toolsOf("consumer").includes(tool)) continue;
            const [line, ...rest] = logs[role].filter(({ text }) => text.startsWith("{"));
            assert.match(line?.text ?? "", /"stage":"tool"/, `${tool} ${role}`);
            assert.deepEqual([rest, parsePodLog(logs[role], { run: "r1", role }).strangeLines], [[], []]);
          }
          await root.sh(`mv "$1/hidden" "$1/bin/${tool}"`);
        }
      });

      it("name each program that is there and cannot be run, whatever fails for the lack of it", async () => {
        // Each starts an interpreter that is not there, as a program does whose loader or library is missing.
        for (const tool of tools.filter((one) => !unusual.has(one))) {
          const logs = await root.run({
            driver: "bindfs",
            prepare: `mv "$1/bin/${tool}" "$1/hidden"; printf '#!/none\n' >"$1/bin/${tool}"; chmod 755 "$1/bin/${tool}"`,
            timeoutSeconds: 2,
          });
          await root.sh(`mv "$1/hidden" "$1/bin/${tool}"`);
          const { cause, summary } = judge(logs);
          assert.equal(cause, "tool-missing", `${tool}: ${JSON.stringify(logs)}`);
          assert.match(summary, new RegExp(`\\(${tool} cannot be run \\(status 12[67]: `));
        }
      });

      it("name all that is missing in one event, the driver's programs too", async () => {
        const logs = await root.run({
          driver: "bindfs",
          roles: ["producer"],
          prepare: `mkdir "$1/hidden"; mv "$1/bin/od" "$1/bin/umount" "$1/hidden"; umount "$1/bin/bindfs"; mv "$1/bin/bindfs" "$1/hidden"`,
        });
        await root.sh(
          'mv "$1"/hidden/* "$1/bin/"; rmdir "$1/hidden"; mount --bind /usr/bin/bindfs "$1/bin/bindfs"',
        );
        assert.match(judge(logs).summary, /\(od, umount, bindfs are not in the image\)/);
      });
    });
  }
});

describe("the janitor in an image", function () {
  this.timeout(60_000);
  let root: PodRoot;

  before(async () => {
    root = await podRoot({ shell: "dash", tools: toolsOf("janitor"), drivers: [] });
    await root.sh(
      `cp "${join(pods, "janitor.sh")}" "$1/fuse-test/"; mkdir -p "$1/mnt/tmp/bridge" "$1/scratch"; mount --bind /proc "$1/proc"`,
    );
  });

  after(() => root.end());

  /** Runs the janitor and fails if its log has none of the lines that are meant. */
  function clean(expected: string, { hidden = "", image = "" } = {}): Promise<void> {
    const variables = `${image} RUN=cleanup BRIDGE=/mnt/tmp/bridge RUNS= KEEP= WAIT=no`;
    return root.sh(`
      [ -z "${hidden}" ] || mv "$1/bin/${hidden}" "$1/hidden"
      log=$(env -i ${variables} "$(command -v chroot)" "$1" /bin/sh /fuse-test/janitor.sh 2>&1)
      [ -z "${hidden}" ] || mv "$1/hidden" "$1/bin/${hidden}"
      case $log in *'${expected}'*) ;; *) echo "$log" >&2; exit 1 ;; esac`);
  }

  it("says of each program that the image lacks that it is missing, and touches nothing", async () => {
    for (const tool of toolsOf("janitor"))
      await clean(`"message":"${tool} is not in the image"}`, { hidden: tool });
    await root.sh('[ -d "$1/mnt/tmp/bridge" ]');
  });

  it("cleans with no other programs than those that it looks for", () =>
    clean('"event":"finished","bridge":"removed"}'));

  it("follows no symlink, and cleans every run, whatever variables the image has", async () => {
    const image = "TMP=/tmp ONLY=r9 PROGRAMS=/odd SCRATCH=/odd ROLE=odd";
    await root.sh('mkdir -p "$1/elsewhere/r1/signals"; ln -s ../../elsewhere "$1/mnt/tmp/bridge"');
    await clean('"path":"/mnt/tmp/bridge","type":"a symlink"}', { image });
    await root.sh(
      '[ -d "$1/elsewhere/r1/signals" ]; rm "$1/mnt/tmp/bridge"; mv "$1/elsewhere" "$1/mnt/tmp/bridge"',
    );
    await clean('"event":"finished","bridge":"removed"}', { image });
  });
});

describe("a bridge that keeps others out", function () {
  this.timeout(60_000);
  let root: PodRoot;

  before(async () => {
    root = await podRoot({ shell: "dash", tools, drivers: DRIVERS });
  });

  after(() => root.end());

  for (const umask of ["027", "077"]) {
    it(`is opened by the producer where the kubelet made it with the umask ${umask}`, async () => {
      const mode = umask === "027" ? "750" : "700";
      const logs = await root.run({ driver: "bindfs", prepare: `chmod ${mode} "$1/mnt/dfs"` });
      assert.deepEqual(judge(logs), { cause: "", summary: "" });
    });
  }

  it("is named with mode and owner by who may not enter, at once as what the producer may still fix", async () => {
    const { consumer } = await root.run({
      driver: "bindfs",
      roles: ["consumer"],
      prepare: 'chmod 750 "$1/mnt/dfs"',
      timeoutSeconds: 1,
    });
    const facts = "Permission denied (mode 750, owner 0:0; seen by uid 10001";
    const said = consumer.map(({ text }) => text).filter((text) => text.includes(facts));
    assert.deepEqual(
      said.map((text) => /"event":"(\w+)"/.exec(text)?.[1]),
      ["blocked", "failed"],
    );
    assert.equal(judge({ producer: [], consumer, control: [] }).cause, "bridge-inaccessible");
  });
});

describe("a driver that cannot mount", function () {
  this.timeout(60_000);
  let root: PodRoot;

  before(async () => {
    root = await podRoot({ shell: "dash", tools, drivers: DRIVERS });
  });

  after(() => root.end());

  const devices: readonly (readonly [string, string, string, RegExp])[] = [
    ["fuse-device-missing", "there is no device", ":", /there is no \/dev\/fuse in the producer/],
    ["fuse-device-missing", "the device is a file", ': >"$1/dev/fuse"', /is not a character device/],
    [
      "fuse-device-missing",
      "the kernel has no driver for the device",
      'mknod -m 666 "$1/dev/fuse" c 10 250',
      /opening \/dev\/fuse: No such device/,
    ],
    [
      "fuse-device-denied",
      "the device may not be opened",
      'mkdir "$1/odd"; mount -t tmpfs -o nodev none "$1/odd"; mknod -m 666 "$1/odd/fuse" c 10 229; : >"$1/dev/fuse"; mount --bind "$1/odd/fuse" "$1/dev/fuse"',
      /opening \/dev\/fuse: Permission denied/,
    ],
  ];
  for (const [cause, title, make, words] of devices) {
    it(`is ${cause} where ${title}, before it is tried`, async () => {
      const logs = await root.run({
        driver: "rclone",
        roles: ["producer"],
        prepare: `rm -f "$1/dev/fuse"; ${make}`,
      });
      await root.sh(
        '! mountpoint -q "$1/dev/fuse" || umount "$1/dev/fuse"; rm -f "$1/dev/fuse"; mknod -m 666 "$1/dev/fuse" c 10 229',
      );
      const judged = judge(logs);
      assert.equal(judged.cause, cause, JSON.stringify(logs.producer));
      assert.match(judged.summary, words);
    });
  }

  const broken: readonly (readonly [string, string, string, RegExp])[] = [
    [
      "wrong-architecture",
      "it is made for another processor",
      `{ head -c 18 /usr/bin/bindfs; printf '\\377\\000'; tail -c +21 /usr/bin/bindfs; } >"$1/bin/bindfs"`,
      /exec format error/i,
    ],
    [
      "driver-missing",
      "a library of it is not there",
      `sed 's/libfuse\\.so\\.2/libfuse.so.9/' /usr/bin/bindfs >"$1/bin/bindfs"`,
      /libfuse\.so\.9: cannot open shared object file/,
    ],
  ];
  for (const [cause, title, make, words] of broken) {
    it(`is ${cause} where ${title}`, async () => {
      const prepare = `umount "$1/bin/bindfs"; ${make}; chmod 755 "$1/bin/bindfs"`;
      const logs = await root.run({ driver: "bindfs", roles: ["producer"], prepare });
      await root.sh('mount --bind /usr/bin/bindfs "$1/bin/bindfs"');
      const judged = judge(logs);
      assert.equal(judged.cause, cause, JSON.stringify(logs.producer));
      assert.match(judged.summary, words);
    });
  }

  it("is asked to mount over the sentinel where it refuses that at first, as libfuse 2 does", async () => {
    assert.match(readFileSync("/usr/bin/bindfs", "latin1"), /libfuse\.so\.2/);
    assert.match(readFileSync(join(pods, "drivers", "bindfs.sh"), "utf8"), /-o nonempty/);
    assert.deepEqual(judge(await root.run({ driver: "bindfs" })), { cause: "", summary: "" });
  });

  it("is judged by what it says the second time where it refuses the sentinel at first", async () => {
    const program =
      'case "$*" in *nonempty*) echo another reason; exit 3 ;; esac; echo "fuse: mountpoint is not empty"; exit 1';
    const prepare = `umount "$1/bin/bindfs"; printf '#!/bin/sh\n%s\n' '${program}' >"$1/bin/bindfs"; chmod 755 "$1/bin/bindfs"`;
    const logs = await root.run({ driver: "bindfs", roles: ["producer"], prepare });
    await root.sh('mount --bind /usr/bin/bindfs "$1/bin/bindfs"');
    const judged = judge(logs);
    assert.equal(judged.cause, "driver-crashed", JSON.stringify(logs.producer));
    assert.match(judged.summary, /\(exit status 3: another reason\)/);
  });
});
