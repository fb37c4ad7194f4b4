import assert from "node:assert/strict";
import { measurePhases } from "../../bench/phases";
import { parseProcessorTime } from "../../bench/resources";

function resource(
  at: number,
  event: "resourcePreEvent" | "resOutputsEvent",
  name: string,
  type = "command:local:Command",
) {
  const metadata = { op: "create", urn: `urn:pulumi:local::fuse-test::${type}::${name}`, type };
  return { at, text: JSON.stringify({ [event]: { metadata } }) };
}

describe("phases of an update", () => {
  it("last from their first event to their last", () => {
    const seconds = measurePhases(
      [
        { at: 500, text: JSON.stringify({ policyLoadEvent: {} }) },
        { at: 1500, text: JSON.stringify({ preludeEvent: {} }) },
        resource(2000, "resourcePreEvent", "fuse-test-preflight"),
        resource(2700, "resOutputsEvent", "fuse-test-preflight"),
        resource(2700, "resourcePreEvent", "fuse-test-verdict"),
        { at: 5000, text: "not an event" },
        resource(5700, "resOutputsEvent", "fuse-test-verdict"),
      ],
      6000,
    );
    assert.deepEqual(seconds, {
      "start the engine": 0.5,
      "load the policies": 1,
      "load the program": 0.5,
      "check the node and the permissions": 0.7,
      "mount, and read from the other pod": 3,
      exit: 0.3,
    });
  });

  it("are the engine's start alone if it prints nothing", () => {
    assert.deepEqual(measurePhases([], 400), { "start the engine": 0, exit: 0.4 });
  });
});

describe("processor time of a cgroup", () => {
  it("is read from either version", () => {
    assert.equal(parseProcessorTime("12500000000\n"), 12.5);
    assert.equal(parseProcessorTime("usage_usec 2500000\nuser_usec 1\nsystem_usec 2\n"), 2.5);
  });
});
