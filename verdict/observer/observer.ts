import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { podName, type Role, ROLES } from "../../manifests/common";
import { logChannel, type NodeFacts, type Observation } from "../observation";
import type { Message } from "../../kube/message";
import type { ContainerFacts, PodFacts, PodObservation, Question } from "../observation";
import type { ExpectedTest } from "../origin/expected";
import { fieldsOf } from "../../kube/values";
import { type LogLine, parsePodLog, type PodReport } from "../../protocol/pod-log";
import { ChannelBoard } from "./channel-board";
import type { Client } from "../../kube/client";
import { ClockComparison } from "./clock";
import { eventFacts, podFacts } from "./facts";
import type { Ask } from "../../kube/http";
import { isStillRunning, readNode, readPrograms } from "./node-and-programs";
import { LogReader } from "./log-reader";
import type { PodState } from "./pod-state";
import { watchObjects } from "./watcher";

/** Interval at which the Node object and the programs are read, in milliseconds. */
const READ_INTERVAL_MILLISECONDS = 1000;

export interface ObserverOptions {
  readonly client: Client;
  readonly question: Question;
  /** Milliseconds since 1970: the zero of the run. */
  readonly start: number;
  /** When the run is given up, milliseconds since 1970. */
  readonly deadline: number;
  /** The pods and programs that are expected. */
  readonly expected: ExpectedTest;
  /** Stops everything that the observer started. */
  readonly signal: AbortSignal;
  /** Called whenever something new was seen. */
  readonly onChange: () => void;
}

/**
 * Returns true for the name of the pod with a role. The API server appends a suffix to that of a Job's pod.
 */
function isNameOf(role: Role, name: unknown): boolean {
  return (
    name === podName(role) ||
    (role === "consumer" && typeof name === "string" && /^fuse-consumer-[a-z0-9]{1,10}$/.test(name))
  );
}

/** Returns the manifest of a pod with the name of the actual pod. */
function namedAs(name: unknown, manifest: unknown): unknown {
  const { metadata, ...rest } = fieldsOf(manifest);
  return { ...rest, metadata: { ...fieldsOf(metadata), name } };
}

/** Watches pods, events, logs and the node of one run, and returns its observation at any time. */
export class Observer {
  private readonly pods = new Map<Role, PodState>(
    ROLES.map((role) => [role, { lines: [], logEnded: false }]),
  );
  private readonly readers: ReadonlyMap<Role, LogReader>;
  private readonly events = new Map<string, { readonly podUid: string; readonly message: Message }>();
  private readonly board = new ChannelBoard();
  /** True once the API has listed the pods. */
  private listed = false;
  private programs: Observation["programs"];
  private node: NodeFacts | undefined;
  private interrupted = false;
  /** The node's clock, which pods and their logs use. */
  private readonly nodeClock: ClockComparison;
  /** Time by which this machine's clock is ahead of the API server's, in milliseconds. */
  private aheadOfApi = 0;

  constructor(private readonly options: ObserverOptions) {
    this.nodeClock = new ClockComparison(options.start);
    this.readers = new Map(ROLES.map((role) => [role, this.readerOf(role)]));
  }

  private get ask(): Omit<Ask, "path"> {
    return { config: this.options.client.config, signal: this.options.signal };
  }

  private readerOf(role: Role): LogReader {
    const { question, onChange } = this.options;
    const state = this.stateOf(role);
    const channel = logChannel(role);
    return new LogReader({
      role,
      namespace: question.namespace,
      ask: this.ask,
      pod: () => this.podObservation(role),
      onLines: (lines, uid) => {
        if (state.facts?.uid === uid) {
          // A log that is followed is read as a whole only when its container has terminated, which may take a while.
          if (lines.length > 0) this.board.recover(channel);
          // A later answer with fewer lines than an earlier one was cut off.
          if (lines.length >= state.lines.length) this.seeLines(state, lines);
        }
        onChange();
      },
      onEnd: (uid) => {
        state.logEnded = state.facts?.uid === uid;
        onChange();
      },
      onRead: () => {
        this.board.read(channel);
      },
      onFailure: (error) => {
        this.board.fail(channel, error);
        onChange();
      },
    });
  }

  /** Starts to watch. Returns at once; failures appear in the observation. */
  start(): void {
    const { namespace, run } = this.options.question;
    const base = `/api/v1/namespaces/${namespace}`;
    this.watch("pods", `${base}/pods`, "PodList", `fuse-test/run=${run}`);
    this.watch("events", `${base}/events`, "EventList");
    void this.readRepeatedly(() => this.readNode());
    void this.readRepeatedly(() => this.readPrograms());
    void this.readRepeatedly(() => this.readProducer());
  }

  private watch(channel: "pods" | "events", path: string, kind: string, labelSelector?: string): void {
    const { onChange } = this.options;
    const query = labelSelector === undefined ? {} : { labelSelector };
    const see = channel === "pods" ? this.seePod.bind(this) : this.seeEvent.bind(this);
    void watchObjects(
      { ...this.ask, path, query },
      {
        kind,
        onList: (objects) => {
          if (channel === "pods") this.seeList(objects);
          else for (const object of objects) see(object, false);
        },
        onObject: see,
        onRead: () => {
          this.board.read(channel);
        },
        onFailure: (error) => {
          this.board.fail(channel, error);
          onChange();
        },
      },
    );
  }

  /** Records that the observer was interrupted. */
  interrupt(): void {
    this.interrupted = true;
    this.options.onChange();
  }

  /** Returns everything that was observed up to now. */
  observation(now = Date.now()): Observation {
    const { question, start, deadline } = this.options;
    return {
      question,
      start,
      now,
      deadline,
      node: this.node,
      pods: {
        producer: this.podObservation("producer"),
        consumer: this.podObservation("consumer"),
        control: this.podObservation("control"),
      },
      messages: [...this.eventMessages(), ...this.board.messages],
      channels: this.board.channels,
      programs: this.programs,
      tolerations: [...this.pods.values()].find(({ facts }) => facts !== undefined)?.facts?.spec.tolerations,
      interrupted: this.interrupted,
    };
  }

  private stateOf(role: Role): PodState {
    return this.pods.get(role) ?? { lines: [], logEnded: false };
  }

  private podObservation(role: Role): PodObservation {
    const state = this.stateOf(role);
    const { logEnded, since, stateSince } = state;
    const facts = this.byOurClock(state.facts);
    const absent = this.options.question.podsMade === true && this.listed && facts === undefined;
    return { facts, report: this.report(role, state), logEnded, since, stateSince, absent };
  }

  private byOurClock(facts: PodFacts | undefined): PodFacts | undefined {
    if (facts === undefined) return undefined;
    const { created, started } = facts;
    return {
      ...facts,
      created: created === undefined ? undefined : created + this.aheadOfApi,
      started: started === undefined ? undefined : this.nodeClock.correct(started),
    };
  }

  private seeLines(state: PodState, lines: readonly LogLine[]): void {
    state.lines = lines;
    for (const line of [lines[0], lines.at(-1)]) this.nodeClock.see(line?.time, Date.now());
  }

  /** Parses a log again only if there is more of it: a pod can print endlessly. */
  private report(role: Role, state: PodState): PodReport {
    const { lines, read } = state;
    const { correction } = this.nodeClock;
    if (read?.lines === lines && read.count === lines.length && read.correction === correction)
      return read.report;
    const byOurClock = lines.map((line) => ({ ...line, time: line.time + correction }));
    const report = parsePodLog(byOurClock, { run: this.options.question.run, role });
    state.read = { lines, count: lines.length, correction, report };
    return report;
  }

  /** Records the complete list of pods: one that is missing from it is gone. */
  private seeList(pods: readonly unknown[]): void {
    for (const pod of pods) this.seePod(pod, false);
    const names = new Set(pods.map((pod) => fieldsOf(fieldsOf(pod).metadata).name));
    for (const [role, state] of this.pods) {
      if (state.facts !== undefined && !names.has(state.facts.name ?? podName(role)))
        this.seeFacts(role, { ...state.facts, deleted: true });
    }
    this.listed = true;
    this.options.onChange();
  }

  /** Records a pod. It counts for its role if it has the label and the name: another pod has another log. */
  private seePod(pod: unknown, gone: boolean): void {
    const { name, labels } = fieldsOf(fieldsOf(pod).metadata);
    const role = ROLES.find((one) => one === fieldsOf(labels)["fuse-test/role"] && isNameOf(one, name));
    if (role === undefined) return;
    const facts = podFacts(pod, namedAs(name, this.options.expected.pods[role]));
    this.seeFacts(role, gone ? { ...facts, deleted: true } : facts);
  }

  private seeFacts(role: Role, facts: PodFacts): void {
    const state = this.stateOf(role);
    const { facts: before } = state;
    if (before !== undefined && before.uid !== facts.uid) {
      state.lines = [];
      state.logEnded = false;
      this.board.forget(logChannel(role));
    }
    const changed = !isDeepStrictEqual(facts, before);
    if (changed) state.since = Date.now();
    const { state: is, reason } = facts.container;
    if (before?.uid !== facts.uid || before.container.state !== is || before.container.reason !== reason)
      state.stateSince = Date.now();
    state.facts = facts;
    this.nodeClock.see(facts.started, Date.now());
    this.readers.get(role)?.podChanged();
    if (changed && role !== "producer" && is === "terminated") void this.readProducer();
    this.options.onChange();
  }

  private stateIs(role: Role): ContainerFacts["state"] | undefined {
    return this.stateOf(role).facts?.container.state;
  }

  private seeEvent(event: unknown): void {
    const facts = eventFacts(event);
    if (facts === undefined) return;
    const { key, uid: podUid, message } = facts;
    const since = this.events.get(key)?.message.since ?? Date.now();
    this.events.set(key, { podUid, message: { ...message, since } });
    this.options.onChange();
  }

  /** Returns events of this run's pods. They can arrive before the pods do, so they are assigned here. */
  private eventMessages(): Message[] {
    const rolesByUid = new Map([...this.pods].map(([role, { facts }]) => [facts?.uid ?? "", role]));
    return [...this.events.values()].flatMap(({ podUid, message }) => {
      const role = podUid === "" ? undefined : rolesByUid.get(podUid);
      return role === undefined ? [] : [{ ...message, about: role }];
    });
  }

  private async readRepeatedly(look: () => Promise<void>): Promise<void> {
    const { signal, onChange } = this.options;
    while (!signal.aborted) {
      await look();
      onChange();
      await sleep(READ_INTERVAL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async readNode(): Promise<void> {
    const look = await readNode(this.ask, this.options.question, this.board);
    if (look === undefined) return;
    this.node = look.node ?? this.node;
    this.aheadOfApi = look.ahead ?? this.aheadOfApi;
  }

  /**
   * Reads the log of a producer that runs on after the others have terminated: it decides what their findings
   * mean.
   */
  private async readProducer(): Promise<void> {
    const { question } = this.options;
    const over = (["consumer", "control"] as const).some((role) => this.stateIs(role) === "terminated");
    if (!over || this.stateIs("producer") !== "running") return;
    if (await isStillRunning(this.ask, question, "producer", this.board))
      await this.readers.get("producer")?.readNow();
  }

  private async readPrograms(): Promise<void> {
    const { question, expected } = this.options;
    this.programs = (await readPrograms(this.ask, question, expected, this.board)) ?? this.programs;
  }
}
