import assert from "node:assert/strict";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { phaseTitles } from "../../commands/progress/phase";
import { checkDefinitions } from "../../verdict/checks";
import { testCluster } from "../support/cluster";
import { E2E_CLUSTER } from "../support/names";
import { testStack, type TestStack } from "../support/stack";
import { type InTerminal, type Shown, startInTerminal } from "../support/terminal";

const ESCAPE = "\u001b";

/** Modes of the terminal that were switched, in order, such as `?25l` for a cursor that is hidden. */
function modes(raw: string): string[] {
  return raw
    .split(`${ESCAPE}[`)
    .flatMap((part) => /^\?\d+[hl]/.exec(part) ?? [])
    .filter((mode) => !mode.startsWith("?2026"));
}

/** Lines that name a phase with a word before it, such as `done`. */
function phasesIn(lines: readonly string[], word: string): string[] {
  return Object.values(phaseTitles).filter((title) =>
    lines.some((line) => new RegExp(`^ *[\\d.]+ s  ${word} +${title}`).test(line)),
  );
}

describe("the progress of a run, in a terminal", function () {
  this.timeout(180_000);
  let stack: TestStack;

  before(async () => {
    await testCluster();
    stack = await testStack();
  });

  after(async () => {
    await stack.remove();
  });

  function up(columns: number, noColor = ""): InTerminal {
    const config = join(stack.folder, "Pulumi.local.yaml");
    const flags = ["--stack", "local", "--yes", "--skip-preview", "--config-file", config];
    return startInTerminal({
      ...{ columns, rows: 30, noColor },
      argv: ["test/support/show-progress.ts", "up", ...flags, "--policy-pack", "policy"],
      env: {
        ...process.env,
        FUSE_TEST_CLUSTER: E2E_CLUSTER,
        PULUMI_BACKEND_URL: `file://${stack.folder}`,
        PULUMI_CONFIG_PASSPHRASE: "",
      },
    });
  }

  it("shows a refusal by the policies whole, also where the terminal is narrow", async () => {
    stack.configure({ run: "refused", suite: "quick", node: "w1" });
    const { code, lines, raw } = await up(44).ended;
    const text = lines.join("\n");
    assert.notEqual(code, 0);
    assert.match(text, /error {2}\S+: policy fuse-test\/allowed-node \(mandatory\): /);
    assert.match(text, /w1.*w2/);
    assert.deepEqual(modes(raw), []);
    assert.deepEqual(phasesIn(lines, "now"), []);
  });

  it("leaves the terminal as it was when it is interrupted, and says what was under way", async () => {
    stack.configure({ run: "interrupted", suite: "quick" });
    const running = up(100);
    await running.wrote(new RegExp(`now +${phaseTitles.program}`));
    running.type("\u0003");
    const { code, lines, raw } = await running.ended;
    assert.notEqual(code, 0);
    assert.deepEqual(modes(raw), []);
    assert.deepEqual(phasesIn(lines, "failed"), [phaseTitles.program]);
    assert.deepEqual(phasesIn(lines, "now"), []);
  });

  it("has each line once and whole where the terminal is narrow, without colours if those are not wanted", async () => {
    stack.configure({ run: "narrow", suite: "quick" });
    const { code, lines, raw } = await up(40, "1").ended;
    const text = lines.join("\n");
    assert.equal(code, 0, text);
    assert.doesNotMatch(raw, new RegExp(`${ESCAPE}\\[[\\d;]*m`), "a colour");
    assert.deepEqual(modes(raw), []);
    const times = (words: string): number =>
      lines.filter((line) => new RegExp(`^ *[\\d.]+ s  ${words}\\b`).test(line)).length;
    const { engine, policies, program, prepare, preflight, pods, verdict } = phaseTitles;
    for (const title of [engine, policies, program, prepare, preflight, pods, verdict])
      assert.equal(times(`done +${title}`), 1, `${title}\n${text}`);
    for (const { name } of checkDefinitions)
      assert.equal(times(`(?:passed|not applicable) +${name}`), 1, `${name}\n${text}`);
    // Nothing else is on the screen: no rest of a line that was drawn again.
    assert.deepEqual(
      lines.filter((line) => line !== "" && !/^ *[\d.]+ s {2}/.test(line)),
      [],
    );
  });

  describe("that finishes", () => {
    let shown: Shown;

    before(async () => {
      stack.configure({ run: "shown", suite: "quick" });
      shown = await up(120).ended;
      assert.equal(shown.code, 0, shown.lines.join("\n"));
    });

    it("has a line for each phase, in order, and none that is still under way", () => {
      const { engine, policies, program, prepare, preflight, pods, verdict } = phaseTitles;
      const expected = [engine, policies, program, prepare, preflight, pods, verdict];
      const done = phasesIn(shown.lines, "done");
      assert.deepEqual(
        expected.filter((title) => !done.includes(title)),
        [],
      );
      assert.deepEqual(phasesIn(shown.lines, "now"), []);
    });

    it("has one line for each check, with what became of it", () => {
      const told = shown.lines.flatMap(
        (line) =>
          /^ *[\d.]+ s +(passed|FAILED|not applicable) +(\S+)/.exec(line)?.slice(1, 3).join(" ") ?? [],
      );
      assert.deepEqual(
        told.sort(),
        checkDefinitions
          .map(({ name }) => `${name === "symlink" ? "not applicable" : "passed"} ${name}`)
          .sort(),
      );
    });

    it("showed what was under way while it was, and has taken all of it back", () => {
      const written = stripVTControlCharacters(shown.raw).split("\n");
      assert.deepEqual(
        phasesIn(written, "now").filter((title) => title === phaseTitles.verdict),
        [phaseTitles.verdict],
      );
      assert.deepEqual(modes(shown.raw), []);
    });
  });
});
