import assert from "node:assert/strict";
import { decide } from "../../../verdict/decide";
import type { ContainerFacts, Observation, PodFacts } from "../../../verdict/observation";
import type { Message } from "../../../kube/message";
import { observed, passingFacts, saying, START } from "../../support/observations";
import { fixtures } from "./fixtures";

/** What a kubelet says twice: as events, and as the state of the pod or of its container. */
interface SaidTwice {
  readonly cause: string;
  readonly events: readonly (readonly [reason: string, text: string])[];
  readonly state?: readonly [reason: string, text: string];
  readonly status?: readonly [reason: string, text: string];
  /** The words that the verdict quotes. */
  readonly quoted: string;
}

const shared = 'failed to generate container "9c0" spec: path "/tmp/fuse-test-bridge" is mounted on "/"';
const pull = "failed to pull and unpack image: not found";

const saidTwice: readonly SaidTwice[] = [
  {
    cause: "start-failed",
    events: [["Failed", 'Error: secret "none" not found']],
    state: ["CreateContainerConfigError", 'secret "none" not found'],
    quoted: '(CreateContainerConfigError: secret "none" not found)',
  },
  {
    cause: "start-failed",
    events: [
      ["Failed", "Error: container create failed: first words"],
      ["Failed", "Error: container create failed: other words"],
    ],
    state: ["CreateContainerError", "container create failed: other words"],
    quoted: "(CreateContainerError: container create failed: other words)",
  },
  {
    cause: "start-failed",
    events: [["Failed", "Error: failed to start container: no such thing"]],
    state: ["RunContainerError", "failed to start container: no such thing"],
    quoted: "(RunContainerError: failed to start container: no such thing)",
  },
  {
    cause: "start-failed",
    events: [["FailedMount", 'MountVolume.SetUp failed for volume "more" : configmap "none" not found']],
    state: ["ContainerCreating", ""],
    quoted: '(FailedMount: MountVolume.SetUp failed for volume "more" : configmap "none" not found)',
  },
  {
    cause: "root-not-shared",
    events: [["Failed", `Error: ${shared} but it is not a shared mount`]],
    state: ["CreateContainerError", `${shared} but it is not a shared mount`],
    quoted: `(${shared} but it is not a shared mount)`,
  },
  {
    cause: "driver-missing",
    events: [["Failed", 'Error: failed to start: exec: "/bin/sh": executable file not found in $PATH']],
    state: ["StartError", 'failed to start: exec: "/bin/sh": executable file not found in $PATH'],
    quoted: '(failed to start: exec: "/bin/sh": executable file not found in $PATH)',
  },
  {
    cause: "image-unavailable",
    events: [
      ["Failed", "Error: ErrImagePull"],
      ["Failed", `Failed to pull image "x": ${pull}`],
      ["Failed", "Error: ImagePullBackOff"],
    ],
    state: ["ImagePullBackOff", 'Back-off pulling image "x"'],
    quoted: `(Failed to pull image "x": ${pull})`,
  },
  {
    cause: "image-unavailable",
    events: [["Failed", "Error: ErrImagePull"]],
    state: ["ErrImagePull", pull],
    quoted: `(${pull})`,
  },
  {
    cause: "image-unavailable",
    events: [
      ["Failed", "Error: ErrImageNeverPull"],
      ["ErrImageNeverPull", 'Container image "x" is not present with pull policy of Never'],
    ],
    state: ["ErrImageNeverPull", 'Container image "x" is not present with pull policy of Never'],
    quoted: '(Container image "x" is not present with pull policy of Never)',
  },
  {
    cause: "node-out-of-resources",
    events: [["OutOfcpu", "Node didn't have enough resource: cpu, requested: 1000"]],
    status: ["OutOfcpu", "Pod was rejected: Node didn't have enough resource: cpu, requested: 1000"],
    quoted: "(Node didn't have enough resource: cpu, requested: 1000)",
  },
  {
    cause: "node-affinity",
    events: [["NodeAffinity", "Predicate NodeAffinity failed"]],
    status: ["NodeAffinity", "Pod was rejected: Predicate NodeAffinity failed"],
    quoted: "(Predicate NodeAffinity failed)",
  },
];

function withState({ state, status }: SaidTwice, stateSince: number): Observation["pods"] {
  const { pods } = saying([]);
  const facts = passingFacts("consumer");
  const [reason = "", message = ""] = state ?? [];
  const container: ContainerFacts = { state: "waiting", reason, message, imageId: "" };
  const whole: PodFacts = {
    ...facts,
    phase: status === undefined ? "Pending" : "Failed",
    reason: status?.[0] ?? "",
    message: status?.[1] ?? "",
    container,
  };
  return { ...pods, consumer: { ...observed("consumer", [], whole), since: stateSince, stateSince } };
}

function summaryOf(observation: Observation): string {
  const decision = decide(observation);
  assert.ok(decision.certain);
  return `${decision.judgement.cause} ${decision.judgement.summary}`;
}

/** Every order of a few things. */
function orders<T>(things: readonly T[]): T[][] {
  if (things.length < 2) return [[...things]];
  return things.flatMap((one, index) =>
    orders(things.filter((_, other) => other !== index)).map((rest) => [one, ...rest]),
  );
}

describe("what a kubelet says by events and by states", () => {
  for (const said of saidTwice) {
    const { cause, events, quoted } = said;
    it(`has the words ${quoted} for ${cause}, whichever came first`, () => {
      const now = START + 14_000;
      for (const [eventSince, stateSince] of [
        [START, START],
        [START, START + 3000],
        [START + 3000, START],
        // The state has not lasted for long, or the event.
        [START, START + 13_000],
      ] as const) {
        const messages = events.map(([reason, text], index): Message => ({
          ...{ source: "event", about: "consumer", reason, text, count: 3 },
          ...{ time: START + index, since: eventSince },
        }));
        for (const order of orders(messages)) {
          const summary = summaryOf(saying(order, { pods: withState(said, stateSince), now }));
          assert.ok(summary.startsWith(`${cause} `) && summary.includes(quoted), summary);
        }
      }
    });
  }

  it("has the same words for two causes' messages in either order", () => {
    const kubelet = fixtures.filter(({ source }) => source !== "api" && source !== "driver");
    for (const [index, one] of kubelet.entries()) {
      const other = kubelet[(index + 1) % kubelet.length];
      assert.ok(other);
      const [first, second] = [one, other].map(({ source, reason, text }): Message => ({
        ...{ source: source as "event", about: "producer", reason, text, count: 3, time: START },
      }));
      assert.ok(first && second);
      assert.equal(summaryOf(saying([first, second])), summaryOf(saying([second, first])), one.text);
    }
  });

  it("has the words of one channel when several fail, whichever failed first", () => {
    const silent = (about: string): Message => ({
      ...{ source: "api", about, reason: "ECONNREFUSED", text: "connect ECONNREFUSED", since: START },
    });
    for (const order of orders(["pods", "events", "node", "programs"].map(silent)))
      assert.match(summaryOf(saying(order, { now: START + 11_000 })), /\(pods: connect ECONNREFUSED\)/);
  });

  it("has the state's words for what a run was waiting for at its end", () => {
    const mounts = ["first", "second"].map((text, index): Message => {
      return { source: "event", about: "producer", reason: "Odd", text, time: START + index };
    });
    const { deadline } = saying([]);
    for (const order of orders(mounts))
      assert.match(
        summaryOf(saying(order, { now: deadline })),
        /last message about the producer: Odd: second/,
      );
  });
});
