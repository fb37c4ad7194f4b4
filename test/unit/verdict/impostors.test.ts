import assert from "node:assert/strict";
import type { Role } from "../../../manifests/common";
import { runChecks } from "../../../verdict/check";
import { checkDefinitions } from "../../../verdict/checks";
import { decide } from "../../../verdict/decide";
import type { Observation, PodFacts, PodObservation } from "../../../verdict/observation";
import { judgeObserved, words } from "../../support/judgement-in-pods";
import { observed, passing, passingFacts, passingLog } from "../../support/observations";

type Edit = readonly [from: string | RegExp, to: string];

/** A pod whose log has the pieces replaced, and whose facts are changed. */
function pod(role: Role, edits: readonly Edit[], facts: Partial<PodFacts> = {}): PodObservation {
  const log = passingLog(role).map((line) => ({
    ...line,
    text: edits.reduce((text, [from, to]) => text.replace(from, to), line.text),
  }));
  if (edits.length > 0) assert.notDeepEqual(log, passingLog(role), `${role} says nothing of that`);
  return observed(role, log, { ...passingFacts(role), ...facts });
}

function pods(changed: Partial<Record<Role, PodObservation>>): Observation {
  return passing({ pods: { ...passing().pods, ...changed } });
}

const both = (edits: readonly Edit[]): Observation =>
  pods({ producer: pod("producer", edits), consumer: pod("consumer", edits) });

/** Drops the lines of a log that match. */
function without(role: Role, pattern: RegExp): PodObservation {
  return observed(
    role,
    passingLog(role).filter(({ text }) => !pattern.test(text)),
  );
}

/** For each check an impostor that fakes one thing, and that no other check would catch. */
const impostors: Readonly<Record<string, readonly [fake: string, observation: Observation]>> = {
  origin: [
    "pods with the right names, whose command is another",
    pods({
      control: pod("control", [], { difference: 'spec.containers[0].command: expected [..], got ["cat"]' }),
    }),
  ],
  "producer-mounted": [
    "a producer whose mount is no FUSE mount, before a consumer that has one of the same device",
    pods({ producer: pod("producer", [["- fuse.rclone ", "- tmpfs "]]) }),
  ],
  placement: [
    "pods on another node than was asked for",
    pods({ consumer: pod("consumer", [], { node: "w1" }) }),
  ],
  "consumer-unprivileged": [
    "a consumer that may open whatever it likes (CAP_DAC_OVERRIDE)",
    pods({ consumer: pod("consumer", [['"capEff":"0000000000000000"', '"capEff":"0000000000000002"']]) }),
  ],
  "consumer-not-owner": [
    "a consumer with the uid of the mount's owner, to whom allow_other does not matter",
    both([[/"owner":"0:0"/, '"owner":"10001:0"']]),
  ],
  "consumer-mounted": [
    "a consumer that sees a mount of the same device, which is not FUSE",
    pods({ consumer: pod("consumer", [["- fuse.rclone ", "- ext4 "]]) }),
  ],
  "mounted-live": [
    "a consumer that was given the mount at its start",
    pods({ consumer: pod("consumer", [['"mountVisible":false', '"mountVisible":true']]) }),
  ],
  "same-device": [
    "another FUSE mount with the same files and nonce",
    pods({
      consumer: pod("consumer", [
        [" 0:55 ", " 0:56 "],
        ['"device":55', '"device":56'],
      ]),
    }),
  ],
  nonce: [
    "the mount of another run, whose files are alike",
    pods({ consumer: pod("consumer", [[/"nonce":"[0-9a-f]+"/, `"nonce":"${"cd".repeat(32)}"`]]) }),
  ],
  "sentinel-hidden": [
    "a consumer that reads the directory underneath",
    pods({ consumer: pod("consumer", [['"sentinelVisible":false', '"sentinelVisible":true']]) }),
  ],
  list: [
    "a directory that lists a name which no user wrote",
    pods({
      consumer: observed(
        "consumer",
        passingLog("consumer").flatMap((line) =>
          line.text.includes('"path":"data"')
            ? [line, { ...line, text: line.text.replace('"path":"data"', '"path":"extra"') }]
            : [line],
        ),
      ),
    }),
  ],
  stat: ["a file of another mode", pods({ consumer: pod("consumer", [['"mode":"644"', '"mode":"600"']]) })],
  content: [
    "a file of the right size with other bytes",
    pods({ consumer: pod("consumer", [["2".repeat(64), "9".repeat(64)]]) }),
  ],
  "sub-directory": [
    "a producer that wrote no file into the sub-directory, so that none is missed",
    pods({
      producer: without("producer", /directory\/inside","type"/),
      consumer: without("consumer", /directory\/inside","type"/),
    }),
  ],
  symlink: [
    "a symlink that points elsewhere",
    pods({ consumer: pod("consumer", [['"target":"directory/inside"', '"target":"/etc/passwd"']]) }),
  ],
  "control-blind": [
    "a control whose bridge receives mounts",
    pods({ control: pod("control", [["/mnt/dfs rw,relatime -", "/mnt/dfs rw,relatime master:12 -"]]) }),
  ],
  "control-looks": [
    "a control that looks if nothing is",
    pods({ control: pod("control", [['"sentinelVisible":true', '"sentinelVisible":false']]) }),
  ],
  "bridge-clean": [
    "the nonce leaked into the directory underneath",
    pods({
      control: pod("control", [['"type":"regular empty file","size":0', '"type":"regular file","size":65']]),
    }),
  ],
  "logs-whole": [
    "a control whose log has a line that no program prints",
    pods({ control: observed("control", [...passingLog("control"), { time: 0, text: "not of ours" }]) }),
  ],
  conclusion: [
    "a consumer that reports success and ends with status 1",
    pods({
      consumer: pod("consumer", [], { container: { ...passingFacts("consumer").container, exitCode: 1 } }),
    }),
  ],
};

/** Impostors that the pods cannot catch by themselves, with the reason. */
const unseenInPods: Readonly<Record<string, string>> = {
  origin: "what the API holds of a pod is not known in it",
  placement: "what the API holds of a pod is not known in it",
  "logs-whole": "the reports reach the consumer without the runtime's log",
  conclusion: "no pod sees how another one ends",
};

describe("impostors without a cluster", function () {
  this.timeout(60_000);

  it("are there for every check, so that none is needless", () => {
    assert.deepEqual(Object.keys(impostors).sort(), checkDefinitions.map(({ name }) => name).sort());
  });

  for (const [name, [fake, observation]] of Object.entries(impostors)) {
    it(`are caught by ${name} alone: ${fake}`, () => {
      const checks = runChecks(checkDefinitions, observation);
      // What a log's whole decides is not decided by a log that is not whole.
      const undecided = name === "logs-whole" ? ["bridge-clean"] : [];
      assert.deepEqual(
        checks.map((check) => [check.name, check.passed]),
        checkDefinitions
          .filter((check) => !undecided.includes(check.name))
          .map((check) => [check.name, check.name !== name]),
      );
      const decision = decide(observation);
      assert.ok(decision.certain);
      assert.notEqual(decision.judgement.verdict, "SUCCESS");
    });

    const reason = unseenInPods[name];
    it(`are ${reason === undefined ? "caught by the pods themselves, for the same cause" : `no matter of the pods, because ${reason}`}: ${fake}`, () => {
      const decision = decide(observation);
      const judged = judgeObserved(observation);
      assert.ok(decision.certain && judged);
      assert.equal(words(judged), reason === undefined ? words(decision.judgement) : "SUCCESS");
    });
  }
});
