import { createHash } from "node:crypto";
import { errnosOf } from "./errno";
import { type Evidence, PRODUCER } from "./evidence";
import { type Journal, type NoteOf, notesOf } from "../../protocol/suite-log";
import { type Distribution, distributionOf, percentile, type Scenario } from "../../protocol/suite-result";
import { READER, steps } from "../../config/suites";

type Name = Scenario["name"];

const titles: Readonly<Record<Name, string>> = {
  kill: "The daemon is killed (SIGKILL)",
  hang: "The daemon hangs (SIGSTOP), then is killed",
  restart: "The producer's container dies and starts again",
  delete: "The producer's pod is deleted and made again",
  evict: "The producer's pod is evicted and made again",
};

interface Loss {
  readonly mounted: NoteOf<"mounted">;
  readonly lost: NoteOf<"lost"> | undefined;
  readonly read: NoteOf<"read"> | undefined;
  /** When the mount was lost, in seconds; for a hung daemon when it was killed. */
  readonly since: number;
}

function rightNonce(read: NoteOf<"read">, mounted: NoteOf<"mounted">): boolean {
  return createHash("sha256").update(read.nonce).digest("hex") === mounted.nonceSha256;
}

function lossesOf(name: Name, producer: Journal | undefined, reader: Journal | undefined): Loss[] {
  const killed = notesOf(producer, "hang-killed");
  return notesOf(producer, "mounted")
    .filter(({ scenario }) => scenario === name)
    .map((mounted) => {
      const { generation, disrupted } = mounted;
      return {
        mounted,
        lost: notesOf(reader, "lost").find((note) => note.generation === generation - 1),
        read: notesOf(reader, "read").find(
          (note) => note.generation === generation && rightNonce(note, mounted),
        ),
        since:
          killed.find((note) => name === "hang" && note.generation === generation - 1)?.killed ?? disrupted,
      };
    });
}

const milliseconds = (seconds: number): number => seconds * 1000;

/** Step of the kernel's uptime, which is the clock of a shell without one of its own, in milliseconds. */
const UPTIME_MILLISECONDS = 10;

/** Returns the median time between two polls, in milliseconds, which no clock with longer steps can measure. */
function resolutionOf(
  looks: readonly { readonly at: number; readonly previous: number }[],
  { journals }: Evidence,
): number {
  const clock = notesOf(journals.get(PRODUCER), "started").at(0)?.clock;
  const between = looks.map(({ at, previous }) => milliseconds(at - previous));
  return Math.max(
    looks.length === 0 ? 0 : percentile(between, 0.5),
    clock === "uptime" ? UPTIME_MILLISECONDS : 0,
  );
}

function recoveredBy(losses: readonly Loss[], resolution: number): Distribution | null {
  const samples = losses.flatMap(({ read, since }) =>
    read === undefined ? [] : [milliseconds(read.at - since)],
  );
  return distributionOf(samples, resolution);
}

/** Describes the reader's experience of a hung daemon: no error, and no answer. */
function hangText(reader: Journal | undefined): string {
  const probe = notesOf(reader, "hang-probe").at(0);
  const answer = notesOf(reader, "hang-answer").at(0);
  if (probe === undefined) return "not observed";
  if (probe.result !== "hung") return `${errnosOf([probe.text])} while the daemon was stopped`;
  return `${probe.text}, then ${errnosOf([answer?.text ?? ""])}`;
}

function evaluate(name: Name, evidence: Evidence): Scenario {
  const producer = evidence.journals.get(PRODUCER);
  const reader = evidence.journals.get(READER);
  const losses = lossesOf(name, producer, reader);
  const lost = losses.flatMap((loss) => loss.lost ?? []);
  const resolution = resolutionOf(notesOf(reader, "lost"), evidence);
  const sameConsumer = losses.length > 0 && losses.every(({ read }) => read !== undefined);
  const seen = notesOf(reader, "mounts").map(({ mounts }) => mounts);
  const mounts = Math.max(0, ...losses.map((loss) => loss.mounted.mounts), ...seen);
  const wanted = steps(evidence.suite).filter((step) => step === name).length;
  const passed = sameConsumer && losses.length === wanted && mounts === 1;
  const read = losses.filter((loss) => loss.read !== undefined).length;
  return {
    name,
    title: titles[name],
    times: losses.length,
    consumerGot: name === "hang" ? hangText(reader) : errnosOf(lost.map(({ text }) => text)),
    openFile: errnosOf(lost.map(({ openFile }) => openFile)),
    noticed:
      name === "hang"
        ? null
        : distributionOf(
            losses.flatMap((loss) =>
              loss.lost === undefined ? [] : [milliseconds(loss.lost.at - loss.since)],
            ),
            resolution,
          ),
    recovered: recoveredBy(losses, resolution),
    sameConsumer,
    mounts,
    passed,
    observed:
      losses.length === 0
        ? "not carried out"
        : `the same running consumer read the new mount ${read} of ${wanted} times; at most ${mounts} mount${mounts === 1 ? "" : "s"} at the path`,
  };
}

/** Evaluates every way to lose the mount that the suite tried. */
export function evaluateScenarios(evidence: Evidence): Scenario[] {
  const names = Object.keys(titles) as Name[];
  return names.filter((name) => steps(evidence.suite).includes(name)).map((name) => evaluate(name, evidence));
}

/**
 * Measures the time from the mount in the producer's mountinfo to the mount in the consumer's. If the
 * consumer saw it first, which is within the resolution, it counts as 0.
 */
export function evaluateLatency(evidence: Evidence): Distribution | null {
  const mounted = notesOf(evidence.journals.get(PRODUCER), "mounted");
  const seen = notesOf(evidence.journals.get(READER), "mounts").filter(({ mounts }) => mounts > 0);
  const pairs = mounted.flatMap((note, index) => {
    const from = mounted[index - 1]?.at ?? 0;
    const to = mounted[index + 1]?.at ?? Infinity;
    const near = seen
      .filter(({ at }) => at > from && at < to)
      .sort((a, b) => Math.abs(a.at - note.at) - Math.abs(b.at - note.at))[0];
    return near === undefined ? [] : [{ ...near, latency: Math.max(0, milliseconds(near.at - note.at)) }];
  });
  return distributionOf(
    pairs.map(({ latency }) => latency),
    resolutionOf(pairs, evidence),
  );
}
