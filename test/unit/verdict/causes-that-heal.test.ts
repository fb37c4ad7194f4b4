import assert from "node:assert/strict";
import { findProblem } from "../../../verdict/decide";
import type { Observation } from "../../../verdict/observation";
import type { Message } from "../../../kube/message";
import { passing, saying, START } from "../../support/observations";

function causeOf(observation: Observation): string | undefined {
  return findProblem(observation)?.judgement.cause;
}

describe("causes that may heal", () => {
  const refused: Message = {
    source: "api",
    about: "pods",
    reason: "ECONNREFUSED",
    text: "connect ECONNREFUSED",
    since: START,
  };
  it("tell an outage of 10 s from a hiccup", () => {
    assert.equal(causeOf(saying([refused], { now: START + 9999 })), undefined);
    assert.equal(causeOf(saying([refused], { now: START + 10_000 })), "cluster-unreachable");
  });
  it("tell expired credentials from an API server that is starting", () => {
    const unauthorized = { ...refused, reason: "401", text: "Unauthorized" };
    assert.equal(causeOf(saying([unauthorized], { now: START + 1999 })), undefined);
    assert.equal(causeOf(saying([unauthorized], { now: START + 2000 })), "permission-denied");
  });
  it("tell a sandbox that fails for good from one that fails once", () => {
    const failed: Message = {
      source: "event",
      about: "producer",
      reason: "FailedCreatePodSandBox",
      text: "Failed to create pod sandbox: dial unix /run/flannel: connect: connection refused",
      since: START,
      count: 1,
    };
    assert.equal(causeOf(saying([failed], { now: START + 7999 })), undefined);
    assert.equal(causeOf(saying([failed], { now: START + 8000 })), "sandbox-failed");
    assert.equal(causeOf(saying([{ ...failed, count: 3 }], { now: START + 1 })), "sandbox-failed");
  });
  it("do not count once the container has started", () => {
    const early: Message = {
      source: "event",
      about: "consumer",
      reason: "Failed",
      text: 'Failed to pull image "x": timeout',
    };
    const waiting = { ...passing().pods, producer: saying([]).pods.producer };
    assert.equal(causeOf(passing({ pods: waiting, messages: [early] })), undefined);
  });
});
