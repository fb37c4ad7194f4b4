import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { driverNames, programs } from "../../config/programs";
import { readScript } from "../support/shell-commands";
import { commonTools, podProgram, programsOfDriver, toolsOf } from "../support/tools-of-pods";
import { driverNearMisses } from "./verdict/near-misses-of-drivers";
import { fixtures } from "./verdict/fixtures";
import { otherWordsOfDrivers } from "./verdict/other-words-of-drivers";
import { parseMount } from "../../verdict/mountinfo";
import { only, parsePodLog } from "../../protocol/pod-log";

const common = join(__dirname, "..", "..", "pods", "common.sh");
const examinationCommon = join(__dirname, "..", "..", "pods", "examination-common.sh");

describe("the pods' programs", () => {
  let scratch: string;

  before(() => {
    scratch = mkdtempSync(join(tmpdir(), "fuse-test-pods-"));
  });

  after(() => {
    rmSync(scratch, { recursive: true });
  });

  function sh(script: string, argument = ""): { code: number | null; stdout: string } {
    const { status, stdout } = spawnSync("sh", ["-c", `. "${common}"; ${script}`, "sh", argument], {
      encoding: "utf8",
      env: { ...process.env, RUN: "r1", ROLE: "consumer", SCRATCH: scratch },
      timeout: 8000,
    });
    return { code: status, stdout };
  }

  it("print one line of JSON whatever the text is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        fc.pre(!text.includes("\u0000"));
        const { stdout } = sh('emit failed stage read message "$1"', text);
        assert.equal(stdout.split("\n").length, 2);
        const value = JSON.parse(stdout) as { message: string };
        // The shell cuts newlines off at the end of what a command prints.
        assert.equal(value.message, text.replace(/[\u0000-\u001f\u007f]/g, " "));
      }),
      { numRuns: 30 },
    );
  });

  it("print their whole mountinfo in one line that the verdict reads", () => {
    const { stdout } = sh("emit_mountinfo");
    const report = parsePodLog([{ time: 0, text: stdout.trimEnd() }], { run: "r1", role: "consumer" });
    const lines = only(report, "mountinfo")?.lines ?? [];
    assert.ok(lines.length > 1);
    assert.deepEqual(
      lines.filter((line) => parseMount(line) === undefined),
      [],
    );
  });

  it("count a mount once if it was replaced while the list was read, and stacked mounts as they are", () => {
    const counted = (...answers: readonly number[]): string => {
      const list = join(scratch, "answers");
      writeFileSync(list, answers.map((answer) => `${answer}\n`).join(""));
      const grep = `grep() { command head -n 1 ${list}; command sed -i 1d ${list}; }`;
      const program = `BRIDGE=/b; . "${examinationCommon}"; ${grep}; count_mounts /b/mount; echo "$MOUNTS"; cat ${list}`;
      return sh(program).stdout;
    };
    assert.equal(counted(2, 1, 7), "1\n7\n");
    assert.equal(counted(2, 2, 7), "2\n7\n");
    // One, or none, is not counted again.
    assert.equal(counted(1, 7), "1\n7\n");
    assert.equal(counted(0, 7), "0\n7\n");
  });

  it("report the reason of a crash that is further up in the driver's log than its last lines", () => {
    const lastWords = (...lines: readonly string[]): string[] => {
      const log = join(scratch, "driver.log");
      writeFileSync(log, lines.map((line) => `${line}\n`).join(""));
      return sh(`last_words "${log}"`).stdout.split("\n").slice(0, -1);
    };
    const frames = Array.from({ length: 12 }, (_, index) => `frame ${index}`);
    const end = frames.slice(-5);
    for (const reason of [
      "panic: open /dev/fuse: operation not permitted",
      "fatal error: all goroutines are asleep - deadlock!",
      "runtime: this CPU has no SSE2",
      "SIGSEGV: segmentation violation",
      'Exception in thread "main" java.lang.UnsatisfiedLinkError: libfuse.so.2',
      "thread 'main' panicked at src/main.rs:10: no /dev/fuse",
    ]) {
      assert.deepEqual(lastWords("starting", reason, ...frames), [reason, ...end]);
      // The reason is printed once, also if it is among the last lines.
      assert.deepEqual(lastWords("a", "b", reason, "c"), ["a", "b", reason, "c"]);
      assert.deepEqual(lastWords(reason, "1", "2", "3", "4"), [reason, "1", "2", "3", "4"]);
      assert.deepEqual(lastWords(reason, "1", "2", "3", "4", "5"), [reason, "1", "2", "3", "4", "5"]);
    }
    assert.deepEqual(lastWords("a word of panic: none", ...frames), end);
    assert.deepEqual(lastWords(), []);
  });

  it("mount over the sentinel if a driver refuses that at first, in the words of any version, and for nothing else", () => {
    const log = join(scratch, "refusal.log");
    const refused = (text: string): boolean => {
      writeFileSync(log, `${text}\n`);
      return sh(`refuses_content "${log}"`).code === 0;
    };
    const words = [
      ...fixtures.map(({ cause, text }) => [cause, text] as const),
      ...otherWordsOfDrivers,
      ...driverNearMisses.map((text) => ["driver-crashed", text] as const),
    ].filter(([, text]) => text.includes("empty"));
    // An option that a driver does not have is the answer to the second attempt.
    const isRefusal = (cause: string, text: string): boolean =>
      cause === "mount-point-not-empty" && !text.includes("unknown option");
    assert.ok(words.filter(([cause, text]) => isRefusal(cause, text)).length > 7);
    for (const [cause, text] of words) assert.equal(refused(text), isRefusal(cause, text), text);
  });

  it("give the status of what they run apart, and 124 if it does not answer", () => {
    assert.equal(sh("apart 2 true").code, 0);
    assert.equal(sh("fails() { echo words >&2; return 3; }; apart 2 fails").code, 3);
    assert.equal(sh("apart 1 sleep 3 >/dev/null 2>&1").code, 124);
    assert.equal(
      sh('fails() { echo words >&2; return 3; }; apart 2 fails; cat "$SCRATCH/error"').stdout,
      "words\n",
    );
  });

  it("count what the kernel has killed for memory, in either version of cgroups, with or without a namespace", () => {
    const files = {
      "memory.events": "low 0\noom 3\noom_kill 2\noom_group_kill 0\n",
      "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n",
    };
    const own = readFileSync("/proc/self/cgroup", "utf8");
    const path = (pattern: RegExp): string => pattern.exec(own)?.[1] ?? "";
    const unified = path(/^0::(.*)$/m);
    const memory = path(/^\d+:(?:[^:]*,)*memory(?:,[^:]*)*:(.*)$/m);
    const places: readonly (readonly [string, keyof typeof files, string])[] = [
      [unified, "memory.events", "2\n"],
      ["", "memory.events", "2\n"],
      [join("memory", memory), "memory.oom_control", "4\n"],
      ["memory", "memory.oom_control", "4\n"],
    ];
    for (const [place, file, count] of places) {
      const groups = mkdtempSync(join(scratch, "cgroups-"));
      mkdirSync(join(groups, place), { recursive: true });
      writeFileSync(join(groups, place, file), files[file]);
      assert.equal(sh(`CGROUPS=${groups}; oom_kills`).stdout, count, `${place}/${file}`);
    }
    assert.equal(sh(`CGROUPS=${scratch}; oom_kills`).stdout, "0\n");
  });

  it("give what they run apart its time anew whenever it says that it continues", () => {
    const goesOn =
      "goes_on() { for turn in 1 2 3 4; do sleep 0.5; answered; done; return 7; }; apart 1 goes_on";
    assert.equal(sh(goesOn).code, 7);
    assert.equal(sh("stops() { answered; sleep 3; } >/dev/null 2>&1; apart 1 stops").code, 124);
  });

  it("look for every program that they use, and for no other", () => {
    const shared = readScript(podProgram("common"));
    const examination = readScript(podProgram("examination-common"));
    assert.deepEqual(
      [...shared.commands].filter((name) => !shared.functions.has(name)).sort(),
      commonTools(),
    );
    const sourced: Readonly<Record<string, readonly string[]>> = {
      consumer: ["judge", "judge-checks", "judge-words"],
      producer: ["producer-cleanup", "killed-driver"],
      "examination-producer": ["killed-driver"],
    };
    for (const name of ["consumer", "producer", "janitor", "examination-consumer", "examination-producer"]) {
      const own = readScript(podProgram(name));
      const more = (sourced[name] ?? []).map((file) => readScript(podProgram(file)));
      const parts = [shared, own, ...(name.startsWith("examination") ? [examination] : []), ...more];
      const functions = new Set(parts.flatMap((part) => [...part.functions]));
      const used = new Set(parts.flatMap((part) => [...part.commands]));
      // A driver defines two functions; the examination does without getconf if there is none.
      const others = [...used].filter((one) => !functions.has(one) && !/^driver_|^getconf$/.test(one));
      assert.deepEqual(others.sort(), toolsOf(name).sort(), name);
    }
  });

  it("look for every program of a driver", () => {
    for (const name of driverNames()) {
      const { commands } = readScript(podProgram(`drivers/${name}`));
      const known = new Set([
        ...programsOfDriver(name).flatMap((one) => one.split("|")),
        ...toolsOf("producer"),
      ]);
      assert.deepEqual(
        [...commands].filter((one) => !known.has(one)),
        [],
        name,
      );
    }
  });

  it("are read as a shell reads them, when it is asked which programs they use", () => {
    const script = [
      "f() { # no comment",
      '  x=$(a "$(b)" "${y:-$(c)}") || d | e',
      "  case $1 in w | 'v w') g ;; *) exec h i ;; esac",
      "}",
      "if ! j k 2>/dev/null; then apart 2 l m; fi",
      "for n in $(o p); do q=1 r; done >s && { t; } &",
      "until u; do : $((v + 1)); done; f w",
      "trap 'x y' TERM",
    ].join("\n");
    const { commands, functions } = readScript(script);
    assert.deepEqual([...functions], ["f"]);
    assert.deepEqual([...commands].sort(), "a apart b c d e f g h j l o r t u x".split(" "));
  });

  it("describe every driver in one file with the same three things", () => {
    const files = programs();
    for (const name of driverNames()) {
      const text = files[`driver-${name}.sh`] ?? "";
      for (const part of [/^DRIVER_PROGRAMS=\S+/m, /^driver_run\(\) \{/m, /^driver_cannot\(\) \{/m])
        assert.match(text, part, name);
    }
    assert.deepEqual(driverNames(), ["bindfs", "rclone", "rclone-mount2", "squashfuse"]);
  });
});
