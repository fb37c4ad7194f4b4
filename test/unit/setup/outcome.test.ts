import assert from "node:assert/strict";
import { describeEnd } from "../../../tools/pulumi/outcome";

const outputs = {
  verdict: "ERROR",
  cause: "root-not-shared",
  summary: "The root is private",
  nextSteps: ["mount --make-rshared /"],
  checks: [{ passed: true }, { passed: "not-applicable" }],
  report: "/reports/r1",
};

function stackEvent(changed: object, planning = false): object {
  return {
    resOutputsEvent: {
      planning,
      metadata: { type: "pulumi:pulumi:Stack", new: { outputs: { ...outputs, ...changed } } },
    },
  };
}

const refusal = {
  policyEvent: {
    resourceUrn: "urn:pulumi:local::fuse-test::kubernetes:core/v1:Pod::fuse-producer",
    message: "<{%reset%}>the pod is on w1: expected w2",
    policyName: "one-node",
    enforcementLevel: "mandatory",
  },
};
const failed = { diagnosticEvent: { severity: "error", message: "error: update failed" } };

describe("the end of pulumi up", () => {
  it("is the verdict with its cause and next steps, and the checks as a number", () => {
    assert.deepEqual(describeEnd([stackEvent({ verdict: "SUCCESS" }), {}, stackEvent({})]), [
      "",
      "The root is private",
      "  - mount --make-rshared /",
      "checks: 1 of 2 passed (all: npx pulumi stack output checks)",
      "report: /reports/r1",
      "cause: root-not-shared",
      "verdict: ERROR",
    ]);
  });

  it("is what to fix when a policy or an error stopped it half-way, each once", () => {
    const error = {
      diagnosticEvent: { severity: "error", message: "error: the namespace is another test's" },
    };
    assert.deepEqual(describeEnd([stackEvent({ report: "" }), refusal, refusal, error, failed]), [
      "",
      "This update was stopped, and has no verdict. Fix this, then run it again:",
      "  - fuse-producer: the pod is on w1: expected w2 (policy one-node)",
      "  - the namespace is another test's",
    ]);
  });

  it("is the sentence of a program that failed, without the command line that the plugin puts before it", () => {
    const sentence = "the context homelab does not exist in /home/user/.kube/config";
    const message = `error: exit status 2: running "node tools/load.cjs commands/cleanup.ts --request \\"-\\"":\n${sentence}\n${sentence}\n`;
    const error = { diagnosticEvent: { severity: "error", message } };
    assert.deepEqual(describeEnd([stackEvent({ report: "" }), error, failed]).slice(2), [`  - ${sentence}`]);
  });

  it("is never an earlier run's, as in the preview of an update that a person declined", () => {
    assert.deepEqual(describeEnd([stackEvent({}, true)]), []);
    assert.deepEqual(describeEnd([stackEvent({ verdict: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" })]), []);
    assert.deepEqual(describeEnd([]), []);
  });

  it("tells nothing of advice", () => {
    assert.deepEqual(
      describeEnd([{ policyEvent: { ...refusal.policyEvent, enforcementLevel: "advisory" } }, failed]),
      [],
    );
  });
});
