import assert from "node:assert/strict";
import { changesOf, parseEventLog } from "../support/engine-log";
import { mostAtOnce, type Sight } from "../support/producers";

function line(kind: "resourcePreEvent" | "resOutputsEvent", op: string, type: string, name: string): string {
  return JSON.stringify({ [kind]: { metadata: { op, type, urn: `urn:pulumi:local::p::${type}::${name}` } } });
}

const POD = "kubernetes:core/v1:Pod";
const LOG = [
  line("resourcePreEvent", "same", POD, "control"),
  line("resourcePreEvent", "delete-replaced", POD, "producer"),
  line("resOutputsEvent", "delete-replaced", POD, "producer"),
  line("resourcePreEvent", "replace", POD, "producer"),
  line("resourcePreEvent", "create-replacement", POD, "producer"),
  line("resourcePreEvent", "create", "fuse-test:index:Consumer", "consumer"),
  line("resourcePreEvent", "update", "command:local:Command", "preflight"),
  '{"summaryEvent":{}}',
  "",
].join("\n");

describe("the engine's event log", () => {
  it("tells what begins and ends with each resource that does not stay the same", () => {
    assert.deepEqual(parseEventLog(LOG).slice(0, 2), [
      { name: "producer", operation: "delete-replaced", phase: "begins" },
      { name: "producer", operation: "delete-replaced", phase: "ends" },
    ]);
    assert.deepEqual(changesOf(parseEventLog(LOG)), ["replace producer", "update preflight"]);
  });
});

describe("a watch of producers", () => {
  const sight = (uid: string, event: string, running: boolean): Sight => ({ uid, event, running });

  it("finds one at once where the old one has ended before the new one starts", () => {
    const sights = [
      sight("old", "LISTED", true),
      sight("old", "MODIFIED", false),
      sight("new", "ADDED", false),
      sight("new", "MODIFIED", true),
    ];
    assert.equal(mostAtOnce(sights), 1);
  });

  it("finds two where the old one was taken out of the API while it ran", () => {
    const sights = [
      sight("old", "LISTED", true),
      sight("old", "DELETED", true),
      sight("new", "MODIFIED", true),
    ];
    assert.equal(mostAtOnce(sights), 2);
  });
});
