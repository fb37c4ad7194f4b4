import assert from "node:assert/strict";
import { anchorPids, clusterDown, clusterNetwork, clusterStatus, clusterUp } from "../../../tools/cluster";
import { tracesOf } from "./traces";

const first = { name: "e2e-one", log: () => undefined };
const second = { name: "e2e-two", log: () => undefined };

describe("embedded clusters at the same time", function () {
  this.timeout(180_000);

  afterEach(async () => {
    await Promise.all([clusterDown(first), clusterDown(second)]);
    assert.deepEqual([...tracesOf(first.name), ...tracesOf(second.name)], []);
  });

  it("run side by side under two names, and one going down leaves the other", async () => {
    await Promise.all([clusterUp(first), clusterUp(second)]);
    assert.notEqual(clusterNetwork(first.name).block, clusterNetwork(second.name).block);
    await clusterDown(second);
    assert.deepEqual(tracesOf(second.name), []);
    assert.equal((await clusterStatus(first)).healthy, true);
  });

  it("are one cluster if two start the same name", async () => {
    const descriptors = await Promise.all([clusterUp(first), clusterUp(first)]);
    assert.deepEqual(descriptors[0], descriptors[1]);
    assert.equal((await clusterStatus(first)).healthy, true);
    assert.equal(anchorPids(first.name).size, 3);
  });
});
