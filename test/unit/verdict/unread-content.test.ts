import assert from "node:assert/strict";
import type { Role } from "../../../manifests/common";
import type { Check } from "../../../protocol/verdict";
import { decide } from "../../../verdict/decide";
import { observed, passing, passingLog } from "../../support/observations";

const checks = ["list", "stat", "content", "sub-directory", "symlink"];

/** The checks of the content that a run has when the log of one of its pods is another. */
function checksWith(role: Role, change: (lines: ReturnType<typeof passingLog>) => void): readonly Check[] {
  const log = passingLog(role).map(({ time, text }) => ({
    time,
    text: text.replace(/"event":"(?:examined|prepared)"/, (event) => `${event},"entries":5`),
  }));
  change(log);
  const decision = decide(passing({ pods: { ...passing().pods, [role]: observed(role, log) } }));
  const found = decision.certain ? decision.judgement.checks : decision.checks;
  return found.filter(({ name }) => checks.includes(name));
}

describe("the checks of what was read", () => {
  it("are decided when every line was read", () => {
    for (const role of ["producer", "consumer"] as const)
      assert.deepEqual(
        checksWith(role, () => undefined).map(({ name, passed }) => [name, passed]),
        checks.map((name) => [name, true]),
      );
  });

  for (const [role, event] of [
    ["producer", "wrote"],
    ["consumer", "entry"],
  ] as const) {
    it(`do not fail for a line "${event}" of the ${role} that was lost or torn`, () => {
      const positions = passingLog(role).flatMap(({ text }, index) =>
        text.includes(`"event":"${event}"`) ? [index] : [],
      );
      assert.equal(positions.length, 5);
      for (const position of positions) {
        for (const change of [
          (lines: ReturnType<typeof passingLog>) => void lines.splice(position, 1),
          (lines: ReturnType<typeof passingLog>) => {
            const { time, text } = lines[position] ?? { time: 0, text: "" };
            lines[position] = { time, text: text.slice(0, -4) };
          },
        ])
          assert.deepEqual(
            checksWith(role, change).filter(({ passed }) => passed === false),
            [],
          );
      }
    });
  }

  it("fail for what the consumer did not find, when it announces no more lines", () => {
    const found = checksWith("consumer", (lines) => {
      const position = lines.findIndex(({ text }) => text.includes('"path":"data"'));
      lines.splice(position, 1);
      for (const [index, { time, text }] of lines.entries())
        lines[index] = { time, text: text.replace('"entries":5', '"entries":4') };
    });
    assert.deepEqual(
      found.map(({ name, passed }) => [name, passed]),
      [
        ["list", false],
        ["stat", false],
        ["content", false],
        ["sub-directory", true],
        ["symlink", true],
      ],
    );
  });
});
