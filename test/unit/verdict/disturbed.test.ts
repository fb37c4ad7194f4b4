import assert from "node:assert/strict";
import fc from "fast-check";
import type { Role } from "../../../manifests/common";
import { decide } from "../../../verdict/decide";
import {
  type ChannelName,
  type ChannelState,
  logChannel,
  type Observation,
} from "../../../verdict/observation";
import { type LogLine, parsePodLog } from "../../../protocol/pod-log";
import { consumerFailing, passing, passingFacts, passingLog, START } from "../../support/observations";

const roles = ["producer", "consumer", "control"] as const;

/** A run that was recorded: what its pods printed, and how they ended. */
interface Recorded {
  readonly verdict: string;
  readonly logs: Readonly<Record<Role, readonly LogLine[]>>;
  /** Exit status of the consumer. */
  readonly exit: number;
  /** Exit status of a producer that has ended. */
  readonly producerExit?: number;
}

function line(role: Role, time: number, fields: object): LogLine {
  return { time: START + time, text: JSON.stringify({ run: "r1", role, ...fields }) };
}

/** A log of a run that passes, with how many lines of a kind it announces, as the programs print it. */
function announcing(role: Role): LogLine[] {
  const counts = { prepared: '"entries":5', examined: '"entries":5', mounted: '"cannot":0' };
  return passingLog(role).map(({ time, text }) => ({
    time,
    text: text.replace(
      /"event":"(prepared|examined|mounted)"/,
      (event, name: keyof typeof counts) => `${event},${counts[name]}`,
    ),
  }));
}

const whole = {
  producer: announcing("producer"),
  consumer: announcing("consumer"),
  control: announcing("control"),
};
const sad = { time: START + 1300, text: "FAILURE: Producer marker never appeared" };

function consumerSaying(kept: number, ...fields: readonly object[]): readonly LogLine[] {
  const said = fields.map((one, index) => line("consumer", 1200 + index, one));
  return [...whole.consumer.slice(0, kept), ...said, sad];
}

const exited = line("producer", 1150, { event: "driver-exited", exit: 137, message: "" });
const notSeen = { event: "not-seen", polls: 51, sentinelVisible: true };
const dead = { event: "failed", stage: "read", message: "stat: Socket not connected" };
const denied = { event: "failed", stage: "read", message: "stat: '/mnt/dfs/mount': Permission denied" };
const blind = whole.control.map((one) => ({
  ...one,
  text: one.text.replace('"sentinelVisible":true', '"sentinelVisible":false'),
}));

const passes: Recorded = { verdict: "SUCCESS ", logs: whole, exit: 0 };

const recorded: readonly Recorded[] = [
  passes,
  { verdict: "FAILURE not-propagated", logs: { ...whole, consumer: consumerSaying(2, notSeen) }, exit: 1 },
  { verdict: "FAILURE access-denied", logs: { ...whole, consumer: consumerSaying(3, denied) }, exit: 1 },
  { verdict: "FAILURE mount-stale", logs: { ...whole, consumer: consumerSaying(3, dead) }, exit: 1 },
  {
    verdict: "ERROR driver-crashed",
    logs: { ...whole, producer: [...whole.producer, exited], consumer: consumerSaying(3, dead) },
    exit: 1,
    producerExit: 1,
  },
  { verdict: "ERROR control-failed", logs: { ...whole, control: blind }, exit: 0 },
];

/** What is done to the reading of one log. */
interface Disturbance {
  readonly lost: number;
  readonly twice: number;
  readonly torn: number;
  readonly early: number;
  readonly channel: "unread" | "read" | "failing";
}

const disturbance: fc.Arbitrary<Disturbance> = fc.record({
  // Lines that have not come yet.
  lost: fc.oneof(fc.constant(0), fc.nat(12)),
  twice: fc.oneof(fc.constant(-1), fc.nat(12)),
  torn: fc.oneof(fc.constant(-1), fc.nat(12)),
  early: fc.integer({ min: -400, max: 400 }),
  channel: fc.constantFrom("unread", "read", "failing"),
});

function disturb(log: readonly LogLine[], { lost, twice, torn, early }: Disturbance): LogLine[] {
  const lines = log.slice(0, log.length - lost).flatMap((one, index) => {
    const moved = { time: one.time + early, text: one.text };
    if (index === twice) return [moved, moved];
    return index === torn ? [{ ...moved, text: moved.text.slice(0, -3) }] : [moved];
  });
  return lines;
}

interface Scene {
  readonly observation: Observation;
  readonly names: readonly string[];
}

function scene(
  { logs, exit, producerExit }: Recorded,
  disturbances: Readonly<Record<Role, Disturbance>>,
  failing: readonly ChannelName[],
  after: number,
  failed: number,
): Scene {
  const base = passing();
  const now = START + 2000 + after;
  const ended = START + 1900;
  const state = (channel: Disturbance["channel"]): ChannelState => {
    if (channel === "read") return { state: "read", at: now };
    if (channel === "unread") return { state: "unread" };
    return { state: "failing", since: now - failed, reason: "500", text: "it does not answer" };
  };
  const channels: Partial<Record<ChannelName, ChannelState>> = { ...base.channels };
  for (const name of ["pods", "events", "node", "programs"] as const)
    channels[name] = state(failing.includes(name) ? "failing" : "read");
  const pods = Object.fromEntries(
    roles.map((role) => {
      const one = disturbances[role];
      channels[logChannel(role)] = state(one.channel);
      const facts = passingFacts(role);
      const exitCode = { producer: producerExit, consumer: exit, control: 0 }[role];
      const container =
        exitCode === undefined
          ? facts.container
          : { ...facts.container, state: "terminated" as const, exitCode };
      const report = parsePodLog(disturb(logs[role], one), { run: "r1", role });
      // A log that was read completely is whole, or was damaged on its way.
      const logEnded = container.state === "terminated" && one.channel === "read";
      return [role, { facts: { ...facts, container }, report, logEnded, since: ended }];
    }),
  ) as unknown as Observation["pods"];
  const messages = Object.entries(channels).flatMap(([about, one]) =>
    one.state === "failing"
      ? [{ source: "api" as const, about, reason: one.reason, text: one.text, since: one.since }]
      : [],
  );
  const names = Object.keys(channels);
  return { observation: passing({ now, pods, channels, messages }), names };
}

const undisturbed: Disturbance = { lost: 0, twice: -1, torn: -1, early: 0, channel: "read" };

const allWhole = { producer: undisturbed, consumer: undisturbed, control: undisturbed };

/** A log without one of its lines, with one of which the end or the beginning is lost, and without two or three. */
function damage(lines: readonly LogLine[], index: number): LogLine[][] {
  const [before, after] = [lines.slice(0, index), lines.slice(index + 1)];
  const { time, text } = lines[index] ?? { time: 0, text: "" };
  return [
    [...before, ...after],
    [...before, { time, text: text.slice(0, -4) }, ...after],
    [...before, { time, text: text.slice(4) }, ...after],
    [...before, ...after.slice(1)],
    [...before, ...after.slice(2)],
  ];
}

function outcome(observation: Observation): { verdict: string; summary: string } | undefined {
  const decision = decide(observation);
  if (!decision.certain) return undefined;
  const { verdict, cause, summary } = decision.judgement;
  return { verdict: `${verdict} ${cause}`, summary };
}

describe("a recorded run whose observation is disturbed", function () {
  // Some hundreds of judgements, on a machine that may have other things to do.
  this.timeout(120_000);
  for (const run of recorded) {
    it(`has the verdict it had when it was read whole: ${run.verdict}`, () => {
      const disturbances = { producer: undisturbed, consumer: undisturbed, control: undisturbed };
      const { observation } = scene(run, disturbances, [], 6000, 0);
      assert.equal(outcome(observation)?.verdict, run.verdict);
    });

    it(`has that verdict, none yet, or an ERROR that names a channel: ${run.verdict}`, () => {
      const channels = fc.subarray<ChannelName>(["pods", "events", "node", "programs"]);
      fc.assert(
        fc.property(
          fc.record({ producer: disturbance, consumer: disturbance, control: disturbance }),
          channels,
          fc.integer({ min: 0, max: 130_000 }),
          fc.integer({ min: 0, max: 20_000 }),
          (disturbances, failing, after, failed) => {
            const { observation, names } = scene(run, disturbances, failing, after, failed);
            const found = outcome(observation);
            if (found === undefined) {
              assert.ok(observation.now < observation.deadline, "undecided past the deadline");
              return;
            }
            if (found.verdict === run.verdict) return;
            // When all fail, it is the API server.
            const all = failing.length === 4 ? ["ERROR cluster-unreachable"] : [];
            assert.ok(["ERROR observation-failed", ...all].includes(found.verdict), found.summary);
            assert.ok(
              names.some((name) => found.summary.includes(name)),
              found.summary,
            );
          },
        ),
        { numRuns: 200 },
      );
    });
  }

  for (const run of recorded) {
    it(`has that verdict, none yet, or an ERROR that names the log in which a line is missing: ${run.verdict}`, () => {
      for (const [role, lines] of Object.entries(run.logs) as [Role, readonly LogLine[]][]) {
        for (const [index, { text }] of lines.entries()) {
          for (const damaged of damage(lines, index)) {
            const logs = { ...run.logs, [role]: damaged };
            for (const after of [0, 3000, 12_000, 130_000]) {
              const found = outcome(scene({ ...run, logs }, allWhole, [], after, 0).observation);
              if (found?.verdict === run.verdict) continue;
              const what = `${role}, ${after} ms after its end, ${text}: ${found?.summary ?? "nothing"}`;
              assert.equal(found?.verdict, after < 12_000 ? undefined : "ERROR observation-failed", what);
              assert.ok(found === undefined || found.summary.includes(`log of the ${role}`), what);
            }
          }
        }
      }
    });
  }

  it("is not called a SUCCESS while any of its logs of consumer and control is not read completely", () => {
    for (const role of ["consumer", "control"] as const) {
      const unread = { ...undisturbed, channel: "unread" } as const;
      const disturbances = {
        producer: undisturbed,
        consumer: undisturbed,
        control: undisturbed,
        [role]: unread,
      };
      const { observation } = scene(passes, disturbances, [], 0, 0);
      assert.equal(outcome(observation), undefined, role);
    }
  });

  it("is decided as it was meant when its log comes three seconds after its end", () => {
    const late = { ...undisturbed, lost: 99, channel: "unread" } as const;
    const disturbances = { producer: undisturbed, consumer: late, control: undisturbed };
    for (const after of [0, 1000, 3000, 9000])
      assert.equal(outcome(scene(passes, disturbances, [], after, 0).observation), undefined);
    assert.equal(
      outcome(scene(passes, disturbances, [], 12_000, 0).observation)?.verdict,
      "ERROR observation-failed",
    );
    assert.equal(outcome(passing())?.verdict, "SUCCESS ");
    assert.equal(
      outcome(consumerFailing("read", "stat: '/mnt/dfs/mount': Permission denied"))?.verdict,
      "FAILURE access-denied",
    );
  });

  it("goes by without events once every program has started, and ends by them alone at its deadline", () => {
    const messages = [
      {
        source: "api",
        about: "events",
        reason: "500",
        text: "etcdserver: request timed out",
        since: START,
      } as const,
    ];
    const run = passing();
    const [started] = passingLog("consumer");
    assert.ok(started);
    const waiting = (log: readonly LogLine[], now: number): string | undefined => {
      const { facts } = run.pods.consumer;
      assert.ok(facts);
      const container = { ...facts.container, state: "running" } as const;
      const consumer = {
        ...run.pods.consumer,
        facts: { ...facts, container },
        report: parsePodLog(log, { run: "r1", role: "consumer" }),
      };
      return outcome({
        ...run,
        now,
        messages,
        pods: { ...run.pods, consumer: { ...consumer, logEnded: false } },
      })?.verdict;
    };
    assert.equal(waiting([started], START + 30_000), undefined);
    assert.equal(waiting([started], run.deadline), "ERROR observation-failed");
    assert.equal(waiting([], START + 30_000), "ERROR observation-failed");
  });
});
