import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Awaiting,
  awaitingOf,
  hasValueAt,
  refusedAnnotation,
} from "../../../toolchain/plugins/kubernetes/awaiting";
import { readiness } from "../../../toolchain/plugins/kubernetes/wait";
import type { Properties } from "../../../toolchain/plugins/rpc/values";

function annotated(annotations: Record<string, string>): Properties {
  return { metadata: { name: "p", annotations } };
}

function awaiting(kind: string, annotations: Record<string, string>): Awaiting {
  return awaitingOf(kind, annotated(annotations));
}

const skip = { "pulumi.com/skipAwait": "true" };
const uid = { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" };

describe("what is waited for", () => {
  it("is what the kind needs, and the end of a deletion, where no annotation says otherwise", () => {
    assert.deepEqual(awaiting("Pod", {}), { ready: "kind", gone: true });
    assert.deepEqual(awaiting("Pod", { "pulumi.com/skipAwait": "false" }), { ready: "kind", gone: true });
    assert.deepEqual(awaitingOf("Pod", {}), { ready: "kind", gone: true });
  });

  it("is nothing for a pod or a namespace that skips it, not even the end of a deletion", () => {
    assert.deepEqual(awaiting("Pod", skip), { ready: "nothing", gone: false });
    assert.deepEqual(awaiting("Namespace", skip), { ready: "nothing", gone: false });
  });

  it("is the end of a deletion for every other object that skips it", () => {
    assert.deepEqual(awaiting("ConfigMap", skip), { ready: "nothing", gone: true });
  });

  it("is a value at a path where the annotation names one, and the end of a deletion", () => {
    assert.deepEqual(awaiting("Pod", uid), { ready: { path: ["metadata", "uid"] }, gone: true });
    const live = { kind: "Pod", metadata: { uid: "u" }, status: { phase: "Failed" } };
    assert.deepEqual(readiness(live, { path: ["metadata", "uid"] }), { ready: true });
    assert.deepEqual(readiness(live, { path: ["status", "podIP"] }), {
      ready: false,
      reason: "there is no value at .status.podIP",
      final: false,
    });
    assert.equal(hasValueAt({ metadata: null }, ["metadata", "uid"]), false);
    assert.equal(hasValueAt({}, ["constructor"]), false);
  });
});

describe("an annotation that only the official plugin understands", () => {
  it("is refused, and the others are not", () => {
    assert.equal(refusedAnnotation({}), undefined);
    assert.equal(refusedAnnotation(annotated(skip)), undefined);
    assert.equal(refusedAnnotation(annotated(uid)), undefined);
    const official =
      "needs Pulumi's own kubernetes plugin. Install it: pulumi plugin install resource kubernetes";
    assert.equal(
      refusedAnnotation(annotated({ "pulumi.com/replaceUnready": "true" })),
      `the annotation pulumi.com/replaceUnready ${official} 4.34.2`,
    );
    for (const value of [
      "condition=Ready",
      "jsonpath={.a}=b",
      "jsonpath={.a[0]}",
      "jsonpath={}",
      '["a"]',
      "",
    ]) {
      assert.equal(
        refusedAnnotation(annotated({ "pulumi.com/waitFor": value })),
        `the annotation pulumi.com/waitFor with anything but jsonpath={.NAME.NAME} ${official} 4.34.2`,
      );
    }
  });

  it("is never taken for a wait for nothing, whatever it says", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const inputs = annotated({ "pulumi.com/waitFor": value });
        const { ready, gone } = awaitingOf("Pod", inputs);
        assert.equal(gone, true);
        assert.notEqual(ready, "nothing");
        assert.equal(ready === "kind", refusedAnnotation(inputs) !== undefined);
      }),
    );
  });
});
