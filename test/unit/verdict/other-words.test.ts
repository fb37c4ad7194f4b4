import assert from "node:assert/strict";
import type { Check } from "../../../protocol/verdict";
import { decide } from "../../../verdict/decide";
import type { ContainerFacts, Observation, PodFacts } from "../../../verdict/observation";
import type { Message } from "../../../kube/message";
import {
  consumerFailing,
  observed,
  passingFacts,
  producerFailing,
  saying,
  START,
} from "../../support/observations";
import { otherWordsOfDrivers } from "./other-words-of-drivers";
import { otherWordsOfKubelets } from "./other-words-of-kubelets";
import { otherWordsOfRuntimes } from "./other-words-of-runtimes";

/** Causes that stand for several things, so that the words themselves must be quoted. */
const quoting = new Set([
  "driver-crashed",
  "driver-missing",
  "start-failed",
  "pod-failed",
  "sandbox-failed",
  "image-unavailable",
]);

function expectCause(observation: Observation, cause: string, text: string): readonly Check[] {
  const decision = decide(observation);
  assert.ok(decision.certain, text);
  const { judgement } = decision;
  assert.deepEqual([judgement.cause, judgement.otherCauses], [cause, []], judgement.summary);
  const words =
    text
      .replace(/^Error: |^Pod was rejected: /, "")
      .split("\n")[0]
      ?.trim() ?? "";
  if (quoting.has(cause)) assert.ok(judgement.summary.includes(words), judgement.summary);
  return judgement.checks;
}

/** A producer that does not start, as its kubelet says it, for long enough. */
function notStarted(source: "event" | "status" | "container", reason: string, text: string): Observation {
  const since = START - 20_000;
  const container: ContainerFacts = {
    state: reason === "StartError" ? "terminated" : "waiting",
    ...(source === "container" ? { reason, message: text } : { reason: "ContainerCreating", message: "" }),
    imageId: "",
  };
  const facts: PodFacts = {
    ...passingFacts("producer"),
    ...(source === "status" ? { phase: "Failed", reason, message: text } : { phase: "Pending" }),
    container,
  };
  const messages: Message[] =
    source === "event" ? [{ source, about: "producer", reason, text, count: 3, since, time: START }] : [];
  const producer = { ...observed("producer", [], facts), since, stateSince: since };
  return saying(messages, { pods: { ...saying([]).pods, producer } });
}

describe("words that this project's own clusters and drivers do not print", () => {
  for (const [cause, text] of otherWordsOfDrivers) {
    it(`of a driver are ${cause}: ${text.slice(0, 90)}`, () => {
      expectCause(producerFailing("driver", text), cause, text);
    });
  }

  for (const [cause, source, reason, text] of [...otherWordsOfKubelets, ...otherWordsOfRuntimes]) {
    it(`of a kubelet (${source}, ${reason}) are ${cause}: ${text.slice(0, 90)}`, () => {
      expectCause(notStarted(source, reason, text), cause, text);
    });
  }

  for (const [cause, text] of [
    ["access-denied", "stat: cannot statx '/mnt/dfs/mount': Operation not permitted"],
    ["access-denied", "head: cannot open '/mnt/dfs/mount/marker' for reading: Permission denied"],
    ["mount-stale", "find: './directory': Transport endpoint is not connected"],
    ["mount-stale", "head: error reading '/mnt/dfs/mount/marker': Software caused connection abort"],
    ["content-mismatch", "head: error reading '/mnt/dfs/mount/marker': Input/output error"],
    ["content-mismatch", "stat: cannot statx '/mnt/dfs/mount/data': Stale file handle"],
    ["content-mismatch", "sha256sum: 'standard input': Is a directory"],
  ] as const) {
    it(`of a consumer are ${cause}: ${text}`, () => {
      expectCause(consumerFailing("read", text), cause, text);
    });
  }
});
