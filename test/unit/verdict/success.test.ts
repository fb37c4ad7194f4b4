import assert from "node:assert/strict";
import fc from "fast-check";
import { checkDefinitions } from "../../../verdict/checks";
import { decide } from "../../../verdict/decide";
import type { Observation } from "../../../verdict/observation";
import { observed, passing, passingFacts, passingLog } from "../../support/observations";

type Path = readonly (string | number)[];

const roles = ["producer", "consumer", "control"] as const;

function verdictOf(observation: Observation): string {
  const decision = decide(observation);
  return decision.certain ? decision.judgement.verdict : "none";
}

/** Every leaf of a value, by its path. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);
}

function withChange<Value>(value: Value, path: Path, change: unknown): Value {
  const copy = structuredClone(value);
  const parent = at(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  parent[path.at(-1) ?? ""] = change;
  return copy;
}

/** What a SUCCESS does not depend on: how long things took, what they ran on, what is said for people. */
const stated = new Set([
  ...[
    "polls",
    "kernel",
    "phase",
    "uid",
    "reason",
    "message",
    "created",
    "started",
    "time",
    "state",
    "imageId",
  ],
  ...["deleted", "tolerations", "logEnded", "privileged", "runAsUser", "runAsGroup"],
]);

/** Lines that a pod prints for people and for the other pods. */
const unimportant = new Set(["ready", "prepared", "mounting", "mountinfo"]);

/** What matters of an event beside its fields. */
function bears(observation: Observation, path: Path): boolean {
  const [, role = "", part, list, index] = path;
  const leaf = String(path.at(-1));
  if (part === "facts") {
    if (path.includes("droppedCapabilities") || path.includes("runAsUser") || path.includes("runAsGroup"))
      return role === "consumer";
    if (leaf === "privileged") return role === "consumer";
    if (leaf === "exitCode") return role === "consumer";
    return !stated.has(leaf);
  }
  if (part !== "report" || list !== "events") return false;
  const event = observation.pods[role as "consumer"].report.events[Number(index)];
  if (event === undefined || unimportant.has(event.event)) return false;
  // The control's own privileges are not under test, and directories have no content.
  if (event.event === "started" && role === "control") return leaf === "bridge" || leaf === "mountVisible";
  if (event.event === "started" && role === "producer") return leaf === "event";
  if ("type" in event && event.type === "directory" && leaf === "mode") return false;
  if (event.event === "underneath" && leaf === "size") return event.type !== "directory";
  if (event.event === "started" && leaf === "bridge") return false;
  if (leaf === "uid") return true;
  return !stated.has(leaf);
}

/** Other values of the same kind: what the schema of the pods' lines lets through. */
function others(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value === "boolean") return fc.constant(!value);
  if (typeof value === "number") return fc.integer();
  return fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.constantFrom("", "SUCCESS", "fuse", "file", "symlink", "None", "Bidirectional", "0:0", "1000:1000"),
  );
}

describe("SUCCESS", () => {
  it("is said of a run in which everything holds", () => {
    const decision = decide(passing());
    assert.ok(decision.certain);
    const { verdict, cause, checks, otherCauses } = decision.judgement;
    assert.deepEqual([verdict, cause, otherCauses], ["SUCCESS", "", []]);
    assert.deepEqual(
      checks.map(({ name, passed }) => [name, passed]),
      checkDefinitions.map(({ name }) => [name, true]),
    );
  });

  const whole = passing();
  const bearing = leaves({ pods: whole.pods }).filter((path) => bears(whole, path));

  it("depends on more than eighty single facts", () => {
    assert.ok(bearing.length > 80, String(bearing.length));
  });

  for (const path of bearing) {
    it(`is not said when ${path.slice(1).join(".")} is another`, () => {
      const original = at(whole, path);
      fc.assert(
        fc.property(others(original), (value) => {
          // Any number of zeros is no capability.
          fc.pre(!Object.is(value, original) && !/^0+$/.test(String(value)));
          assert.notEqual(verdictOf(withChange(whole, path, value)), "SUCCESS");
        }),
        { numRuns: 25 },
      );
    });
  }

  it("is not said when any line of a pod's log is missing, doubled, cut or joined with the next", () => {
    const needless = /"event":"(ready|prepared|mounting)"/;
    for (const role of roles) {
      const log = passingLog(role);
      for (const [index, line] of log.entries()) {
        if (needless.test(line.text)) continue;
        const next = log[index + 1]?.text ?? "";
        const damaged = {
          missing: log.toSpliced(index, 1),
          cut: log.with(index, { ...line, text: line.text.slice(0, -1) }),
          ...(next === "" ? {} : { joined: log.toSpliced(index, 2, { ...line, text: line.text + next }) }),
        };
        for (const [how, lines] of Object.entries(damaged)) {
          const pods = { ...whole.pods, [role]: observed(role, lines) };
          assert.notEqual(verdictOf(passing({ pods })), "SUCCESS", `${role} ${how}: ${line.text}`);
        }
      }
    }
  });

  it("is not said when a decisive event is there twice", () => {
    for (const role of roles) {
      for (const line of passingLog(role)) {
        if (!/"event":"(started|mounted|seen|read|examined|not-seen|searched)"/.test(line.text)) continue;
        const pods = { ...whole.pods, [role]: observed(role, [line, ...passingLog(role)]) };
        assert.notEqual(verdictOf(passing({ pods })), "SUCCESS", line.text);
      }
    }
  });

  it("is not said where the consumer's log has anything else in it, wherever", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(10), (text, position) => {
        fc.pre(!/[\r\n]/.test(text) && text !== "SUCCESS: Producer marker found");
        const log = passingLog("consumer");
        const strange = log.toSpliced(position % log.length, 0, { time: 0, text });
        const pods = { ...whole.pods, consumer: observed("consumer", strange) };
        assert.notEqual(verdictOf(passing({ pods })), "SUCCESS");
      }),
    );
  });

  it("is not said of a consumer that still runs, or that ended with any status but 0", () => {
    const facts = passingFacts("consumer");
    for (const container of [
      { ...facts.container, state: "running" as const },
      { ...facts.container, exitCode: 1 },
      { ...facts.container, exitCode: 143 },
    ]) {
      const consumer = observed("consumer", passingLog("consumer"), { ...facts, container });
      assert.notEqual(verdictOf(passing({ pods: { ...whole.pods, consumer } })), "SUCCESS");
    }
  });

  it("is not said of pods that are not there, or of another run's words", () => {
    for (const role of roles) {
      const facts = { ...whole.pods, [role]: { ...whole.pods[role], facts: undefined } };
      assert.notEqual(verdictOf(passing({ pods: facts })), "SUCCESS", role);
      const foreign = passingLog(role).map((line) => ({
        ...line,
        text: line.text.replace('"run":"r1"', '"run":"r0"'),
      }));
      assert.notEqual(
        verdictOf(passing({ pods: { ...whole.pods, [role]: observed(role, foreign) } })),
        "SUCCESS",
      );
    }
  });

  it("is not said of a mount that is not FUSE, is elsewhere, or has another device in mountinfo", () => {
    for (const role of ["producer", "consumer"] as const) {
      for (const [from, to] of [
        ["- fuse.rclone ", "- ext4 "],
        ["- fuse.rclone ", "- tmpfs "],
        ["- fuse.rclone ", "- fuseblk "],
        [" /mnt/dfs/mount ", " /mnt/dfs "],
        [" 0:55 ", " 0:56 "],
      ] as const) {
        const log = passingLog(role).map((line) => ({ ...line, text: line.text.replace(from, to) }));
        assert.notDeepEqual(log, passingLog(role));
        const pods = { ...whole.pods, [role]: observed(role, log) };
        assert.notEqual(verdictOf(passing({ pods })), "SUCCESS", `${role} ${to}`);
      }
    }
  });

  it("is not said of a mount that the consumer's own user or group owns", () => {
    for (const owner of ["10001:0", "0:10001"]) {
      const [producer, consumer] = (["producer", "consumer"] as const).map((role) =>
        observed(
          role,
          passingLog(role).map((line) => ({ ...line, text: line.text.replace('"0:0"', `"${owner}"`) })),
        ),
      );
      assert.ok(producer && consumer);
      assert.notEqual(verdictOf(passing({ pods: { ...whole.pods, producer, consumer } })), "SUCCESS", owner);
    }
  });

  it("stays what it is past the deadline", () => {
    assert.equal(verdictOf(passing({ now: whole.deadline + 1 })), "SUCCESS");
  });
});
