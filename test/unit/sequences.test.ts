import assert from "node:assert/strict";
import { driverNames } from "../../config/programs";
import { HOST_PATHS, sequenceOf, type Step } from "../support/sequences/sequence";
import { inWords } from "../support/sequences/words";

const many: readonly Step[][] = Array.from({ length: 400 }, (_, seed) => [...sequenceOf(seed, 4)]);
const steps = many.flat();
const ups = steps.filter((step) => step.action === "up");

/** Every kind of step, without its numbers. */
function kinds(verb: "up" | "destroy"): string[] {
  const found = steps.flatMap((step) =>
    step.action !== verb
      ? []
      : step.disturbance === undefined
        ? ["undisturbed"]
        : "signal" in step.disturbance
          ? [step.disturbance.signal]
          : ["pods deleted"],
  );
  return [...new Set(found)].sort();
}

describe("a random sequence", () => {
  it("is the same for the same seed, and another one for another seed", () => {
    assert.deepEqual(sequenceOf(7, 4), sequenceOf(7, 4));
    assert.notDeepEqual(sequenceOf(7, 4), sequenceOf(8, 4));
  });

  it("starts with an up, and has at most as many steps as asked for", () => {
    assert.deepEqual([...new Set(many.map(([first]) => first?.action))], ["up"]);
    assert.deepEqual([...new Set(many.map(({ length }) => length))].sort(), [1, 2, 3, 4]);
  });

  it("does everything that a person may do, and disturbs it in every way", () => {
    assert.deepEqual([...new Set(steps.map(({ action }) => action))].sort(), [
      "delete pods",
      "destroy",
      "up",
    ]);
    for (const verb of ["up", "destroy"] as const)
      assert.deepEqual(kinds(verb), ["SIGINT", "SIGKILL", "SIGTERM", "pods deleted", "undisturbed"], verb);
    assert.deepEqual([...new Set(ups.map(({ run }) => run))].sort(), ["new", "same"]);
  });

  it("changes every setting of a test, to every value that there is", () => {
    const changes = ups.map(({ change }) => change);
    assert.deepEqual([...new Set(changes.flatMap(Object.keys))].sort(), [
      "driver",
      "hostPath",
      "image",
      "timeoutSeconds",
    ]);
    const drivers = changes.flatMap(({ driver }) => driver ?? []);
    assert.deepEqual([...new Set(drivers)].sort(), driverNames());
    const paths = changes.flatMap(({ hostPath }) => hostPath ?? []);
    assert.deepEqual([...new Set(paths)].sort(), [...HOST_PATHS]);
  });

  it("is reported step by step, so that it can be done again by hand", () => {
    const at = { lines: 14, milliseconds: 120 };
    const described: [Step, string][] = [
      [{ action: "up", run: "same", change: {} }, "up, same run"],
      [
        { action: "up", run: "new", change: { driver: "bindfs" }, disturbance: { at, signal: "SIGKILL" } },
        "up, new run with driver bindfs, SIGKILL 120 ms after line 14",
      ],
      [
        { action: "destroy", disturbance: { at, deletes: ["producer", "control"] } },
        "destroy, producer and control deleted 120 ms after line 14",
      ],
      [{ action: "delete pods", pods: ["consumer"] }, "consumer deleted by hand"],
    ];
    for (const [step, text] of described) assert.equal(inWords(step), text);
  });
});
