import assert from "node:assert/strict";
import { differences, median, ratios, summarise } from "../bench/figures";

describe("figures of the bench", () => {
  it("have a median, of odd and even numbers, and none of nothing", () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.ok(Number.isNaN(median([])));
  });

  it("are reported as median, least and most", () => {
    assert.equal(summarise([1.005, 3, 2]), "2.00 (1.00 to 3.00)");
  });

  it("are compared pair by pair", () => {
    assert.deepEqual(ratios([2, 9], [1, 3]), [2, 3]);
    assert.deepEqual(differences([3, 5], [1, 6]), [2, -1]);
  });
});
