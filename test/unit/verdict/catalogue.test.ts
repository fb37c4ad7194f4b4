import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { causes } from "../../../verdict/causes";
import { decide } from "../../../verdict/decide";
import type { Observation } from "../../../verdict/observation";
import { passing } from "../../support/observations";
import { catalogue } from "./catalogue";
import { type Scene, scenes, together, wordsOf } from "./scenes";

const codes = causes.map(({ code }) => code);

function judged(observation: Observation): readonly string[] {
  const decision = decide(observation);
  assert.ok(decision.certain);
  const { cause, otherCauses } = decision.judgement;
  return [cause, ...otherCauses];
}

/** A command to type, with a word after it. */
const command =
  /(?:^|: |, |\()(?:kubectl|pulumi config|npm run|findmnt|mount|umount|rmdir|modprobe|stat|ls|grep|echo|dmesg|rclone) \S/;

describe("the catalogue of causes", () => {
  it("has the program's causes, code by code, with the same verdicts", () => {
    assert.deepEqual(
      Object.fromEntries(causes.map(({ code, verdict }) => [code, verdict])),
      Object.fromEntries(Object.entries(catalogue).map(([code, { verdict }]) => [code, verdict])),
    );
    assert.equal(codes.length, new Set(codes).size);
  });

  for (const [code, { words, faults }] of Object.entries(catalogue)) {
    const ofCause = scenes.filter(({ cause }) => cause === code);

    it(`has a scene of ${code}, which is recognised, with a command to type and a link to its section`, () => {
      assert.notEqual(ofCause.length, 0);
      for (const scene of ofCause) {
        const observation = together(scene);
        assert.ok(observation);
        const decision = decide(observation);
        assert.ok(decision.certain, wordsOf(scene).join());
        const { cause, verdict, summary, nextSteps } = decision.judgement;
        assert.deepEqual([cause, verdict], [code, catalogue[code]?.verdict], wordsOf(scene).join());
        assert.match(summary, new RegExp(`\\S\\. See docs/troubleshooting\\.md#${code}$`));
        assert.ok(
          nextSteps.some((step) => command.test(step)),
          nextSteps.join("\n"),
        );
      }
    });

    it(`has every wording of ${code} in a scene`, () => {
      const said = ofCause.flatMap(wordsOf);
      for (const wording of words)
        assert.ok(
          said.some((text) => wording.test(text)),
          String(wording),
        );
    });

    it(`has an end-to-end test that breaks a real cluster so that it says ${code}`, () => {
      assert.notEqual(faults.length, 0);
      for (const [file, title] of faults) {
        const text = readFileSync(join(__dirname, "..", "..", file), "utf8");
        const at = text.indexOf(JSON.stringify(title));
        assert.ok(at >= 0, `${file} has no ${title}`);
        assert.match(text.slice(at, at + 3000), new RegExp(code));
      }
    });
  }
});

describe("two causes at once", function () {
  // Some thousands of judgements, on a machine that may have other things to do.
  this.timeout(120_000);
  /** What follows from what: the first is the root of the second. */
  const consequences: readonly (readonly [string, string])[] = [
    ["cluster-unreachable", "timed-out"],
    ["node-missing", "timed-out"],
    ["node-out-of-resources", "interrupted"],
    ["bidirectional-needs-privileged", "fuse-device-denied"],
    ["image-unavailable", "timed-out"],
    ["stale-mount-at-start", "mount-stale"],
    ["root-not-shared", "not-propagated"],
    ["user-allow-other-unset", "access-denied"],
    ["driver-crashed", "mount-stale"],
    ["driver-crashed", "mount-hung"],
    ["driver-crashed", "content-mismatch"],
    ["driver-crashed", "not-propagated"],
    // A control that does not hold takes the meaning from whatever else was seen.
    ["control-failed", "access-denied"],
    ["control-failed", "not-propagated"],
    ["control-failed", "wrong-filesystem"],
    ["wrong-filesystem", "content-mismatch"],
    ["not-propagated", "interrupted"],
    ["interrupted", "timed-out"],
  ];

  /** Errors that follow from another. */
  const errors: readonly (readonly [string, string])[] = [
    ["cluster-unreachable", "observation-failed"],
    ["permission-denied", "observation-failed"],
    ["node-missing", "observation-failed"],
    ["node-not-ready", "observation-failed"],
    ["node-not-ready", "sandbox-failed"],
    ["node-not-ready", "taint-not-tolerated"],
    ["node-cordoned", "taint-not-tolerated"],
    ["node-out-of-resources", "driver-crashed"],
    ["stale-mount-at-start", "control-failed"],
    ["wrong-architecture", "driver-crashed"],
    ["driver-missing", "driver-crashed"],
    ["fuse-device-missing", "driver-crashed"],
    ["fuse-device-denied", "driver-crashed"],
    ["user-allow-other-unset", "driver-crashed"],
    ["too-many-mounts", "driver-crashed"],
    ["mount-not-permitted", "driver-crashed"],
    ["mount-point-not-empty", "driver-crashed"],
  ];

  for (const [root, consequence] of [...consequences, ...errors]) {
    it(`have ${root} for the root of ${consequence}`, () => {
      assert.ok(codes.includes(root) && codes.indexOf(root) < codes.indexOf(consequence));
    });
  }

  const isError = (code: string): boolean => catalogue[code]?.verdict === "ERROR";

  /** True if a cause is only what another one leads to, which is sometimes seen and sometimes not. */
  const follows = (code: string, root: string, parts: readonly Scene[]): boolean =>
    code === "timed-out" ||
    (code === "interrupted" && !parts.some(({ changes }) => changes?.interrupted === true)) ||
    (isError(root) && !isError(code)) ||
    (isError(code) && errors.some(([one, other]) => one === root && other === code));

  // The driver's own words say why it ended: it has ended all the same.
  const driverEnded = ({ pods }: Scene): boolean =>
    pods?.producer?.report.events.some((event) => event.event === "failed" && event.stage === "driver") ===
    true;

  // One scene of each way in which a cause is seen is enough; the words differ.
  const one = [
    ...new Map(scenes.map((scene) => [`${scene.cause} ${Object.keys(scene).join()}`, scene])).values(),
  ];
  const inOrder = (parts: readonly Scene[]): string[] => {
    const present = new Set(parts.flatMap(({ cause, also = [] }) => [cause, ...also]));
    if (parts.some(driverEnded)) present.add("driver-crashed");
    const ordered = codes.filter((code) => present.has(code));
    return ordered.filter(
      (code, index) => !ordered.slice(0, index).some((root) => follows(code, root, parts)),
    );
  };

  it("are reported root first, the other beside it unless it follows, for every pair that can happen together, in either order", () => {
    let pairs = 0;
    for (const [index, first] of one.entries()) {
      for (const second of one.slice(index + 1)) {
        const [either, other] = [together(first, second), together(second, first)];
        if (either === undefined || other === undefined) continue;
        pairs += 1;
        assert.deepEqual(judged(either), inOrder([first, second]), `${first.cause}, ${second.cause}`);
        assert.deepEqual(judged(other), inOrder([first, second]), `${second.cause}, ${first.cause}`);
      }
    }
    assert.ok(pairs > 500, String(pairs));
  });

  it("or more are reported in the order of the catalogue, however they arrive", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(one, { minLength: 2, maxLength: 8 }), (parts) => {
        const observation = together(...parts);
        fc.pre(observation !== undefined);
        assert.deepEqual(judged(observation), inOrder(parts));
      }),
      { numRuns: 300 },
    );
  });

  it("are none beside a run in which everything holds", () => {
    for (const { messages = [], node, changes = {} } of one) {
      const whole = passing();
      const observation = passing({
        ...changes,
        messages,
        node: { ...whole.node, ...node } as typeof whole.node,
      });
      assert.deepEqual(judged(observation), [""]);
    }
  });
});
