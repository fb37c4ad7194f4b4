import assert from "node:assert/strict";
import fc from "fast-check";
import { aheadOfServer, ClockComparison } from "../../../verdict/observer/clock";
import { START } from "../../support/observations";

/** Times by the other clock, which is `ahead` of this one, of what happened and was seen 50 ms later. */
function compared(ahead: number, happened: readonly number[]): number[] {
  const clock = new ClockComparison(START);
  for (const after of happened) clock.see(START + after + ahead, START + after + 50);
  return happened.map((after) => clock.correct(START + after + ahead) - START);
}

const HOUR = 3_600_000;

describe("the comparison of clocks", () => {
  it("leaves times as they are where the clocks can agree", () => {
    assert.deepEqual(compared(0, [10, 700, 900]), [10, 700, 900]);
    assert.deepEqual(compared(-1500, [10, 700]), [-1490, -800]);
    assert.deepEqual(compared(1500, [10, 700]), [1510, 2200]);
  });

  it("puts times where they were seen, by a clock that is an hour fast or slow", () => {
    assert.deepEqual(compared(HOUR, [10, 700, 900]), [60, 750, 950]);
    assert.deepEqual(compared(-HOUR, [10, 700, 900]), [60, 750, 950]);
  });

  it("goes by what was seen soonest", () => {
    const clock = new ClockComparison(START);
    clock.see(START + HOUR, START + 900);
    clock.see(START + HOUR + 1000, START + 1010);
    assert.equal(clock.correct(START + HOUR), START + 10);
  });

  it("does not take what is seen late for a fast clock", () => {
    const clock = new ClockComparison(START);
    clock.see(START + 100, START + 2 * HOUR);
    clock.see(undefined, START);
    assert.equal(clock.correct(START + 100), START + 100);
  });

  it("never lets anything happen long before the run or after it was seen, and keeps the order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e8, max: 1e8 }),
        fc.array(fc.nat(100_000), { minLength: 1 }),
        (ahead, happened) => {
          const order = [...happened].sort((a, b) => a - b);
          const seen = compared(ahead, order);
          assert.deepEqual(
            seen,
            [...seen].sort((a, b) => a - b),
          );
          for (const [index, after] of order.entries()) {
            assert.ok((seen[index] ?? NaN) >= -2000);
            assert.ok((seen[index] ?? NaN) <= after + 2050);
          }
        },
      ),
    );
  });

  it("tells how far this machine is ahead of a server by its answer's date", () => {
    assert.equal(aheadOfServer("Fri, 02 Jan 2026 03:04:05 GMT", START + HOUR), HOUR);
    assert.equal(aheadOfServer("Fri, 02 Jan 2026 03:04:05 GMT", START - HOUR), -HOUR);
    assert.equal(aheadOfServer("Fri, 02 Jan 2026 03:04:05 GMT", START + 1999), 0);
    assert.equal(aheadOfServer(undefined, START), 0);
    assert.equal(aheadOfServer("yesterday", START), 0);
  });
});
