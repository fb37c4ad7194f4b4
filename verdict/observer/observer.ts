import { isDeepStrictEqual } from "node:util";
import { type CoreV1Event, type Informer, makeInformer, type V1Pod } from "@kubernetes/client-node";
import type { Role } from "../../manifests/common";
import type { Message, NodeFacts, Observation, PodFacts, PodObservation, Question } from "../observation";
import { type LogLine, parsePodLog, type PodReport } from "../pod-log";
import { apiMessage, type Client } from "./client";
import { aheadOfServer, ClockComparison } from "./clock";
import { eventFacts, missingNode, nodeFacts, podFacts } from "./facts";
import { followLog } from "./log-follower";

const roles: readonly Role[] = ["producer", "consumer", "control"];

/** Pause before a watch or a log that was lost is opened again, in milliseconds. */
const RETRY_MILLISECONDS = 200;

/** How often the Node object is looked at, in milliseconds. */
const NODE_MILLISECONDS = 1000;

export interface ObserverOptions {
  readonly client: Client;
  readonly question: Question;
  /** Milliseconds since 1970: the zero of the run. */
  readonly start: number;
  /** When the run is given up, milliseconds since 1970. */
  readonly deadline: number;
  /** Ends everything that the observer started. */
  readonly signal: AbortSignal;
  /** Called whenever something new was seen. */
  readonly onChange: () => void;
}

interface PodState {
  facts?: PodFacts;
  /** Since when the facts are as they are, milliseconds since 1970. */
  since?: number;
  lines: readonly LogLine[];
  /** What was read out of how many of the lines. */
  read?: {
    readonly lines: readonly LogLine[];
    readonly count: number;
    /** What was added to the times of the lines, in milliseconds. */
    readonly correction: number;
    readonly report: PodReport;
  };
  logEnded: boolean;
  following: boolean;
}

function isRole(name: string | undefined): name is Role {
  return roles.some((role) => role === name);
}

/** Watches pods, events, logs and the node of one run, and says at any time what it has seen. */
export class Observer {
  private readonly pods = new Map<Role, PodState>(
    roles.map((role) => [role, { lines: [], logEnded: false, following: false }]),
  );
  private readonly events = new Map<string, { readonly podUid: string; readonly message: Message }>();
  /** Calls of the API that fail at present, by what they are for. */
  private readonly failures = new Map<string, Message>();
  /** Whether the API has said which pods there are. */
  private listed = false;
  private node: NodeFacts | undefined;
  private interrupted = false;
  /** The node's clock, which pods and their logs go by. */
  private readonly nodeClock: ClockComparison;
  /** How far this machine's clock is ahead of the API server's, in milliseconds. */
  private aheadOfApi = 0;

  constructor(private readonly options: ObserverOptions) {
    this.nodeClock = new ClockComparison(options.start);
  }

  /** Starts to watch. Returns at once; failures are seen in the observation. */
  start(): void {
    const { client, question } = this.options;
    const { namespace } = question;
    const selector = `fuse-test/run=${question.run}`;
    const pods = makeInformer<V1Pod>(
      client.config,
      `/api/v1/namespaces/${namespace}/pods`,
      async () => {
        const list = await client.core.listNamespacedPod({ namespace, labelSelector: selector });
        // What is listed is seen before anything else happens, so that this is not judged in between.
        this.listed = true;
        this.options.onChange();
        return list;
      },
      selector,
    );
    for (const verb of ["add", "update"] as const)
      pods.on(verb, (pod) => {
        this.seePod(pod, false);
      });
    pods.on("delete", (pod) => {
      this.seePod(pod, true);
    });
    this.keep("pods", pods);
    const events = makeInformer<CoreV1Event>(client.config, `/api/v1/namespaces/${namespace}/events`, () =>
      client.core.listNamespacedEvent({ namespace }),
    );
    for (const verb of ["add", "update"] as const)
      events.on(verb, (event) => {
        this.seeEvent(event);
      });
    this.keep("events", events);
    void this.watchNode();
  }

  /** Notes that the observer was told to stop. */
  interrupt(): void {
    this.interrupted = true;
    this.options.onChange();
  }

  /** Everything that was seen up to now. */
  observation(now = Date.now()): Observation {
    const { question, start, deadline } = this.options;
    const observe = (role: Role): PodObservation => {
      const state = this.pods.get(role) ?? { lines: [], logEnded: false, following: false };
      const { logEnded, since } = state;
      const facts = this.byOurClock(state.facts);
      const absent = question.podsMade === true && this.listed && facts === undefined;
      return { facts, report: this.report(role, state), logEnded, since, absent };
    };
    return {
      question,
      start,
      now,
      deadline,
      node: this.node,
      pods: { producer: observe("producer"), consumer: observe("consumer"), control: observe("control") },
      messages: [...this.eventMessages(), ...this.failures.values()],
      tolerations: this.tolerations(),
      interrupted: this.interrupted,
    };
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

  /** A log is parsed again only where there is more of it: a pod can print without end. */
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

  /** What every pod of the run that was seen tolerates. */
  private tolerations(): Observation["tolerations"] {
    const seen = [...this.pods.values()].flatMap(({ facts }) => (facts === undefined ? [] : [facts.spec]));
    return seen[0]?.tolerations;
  }

  /** Notes that a call fails, from its first failure in a row on. */
  private fail(what: string, error: unknown): void {
    const since = this.failures.get(what)?.since ?? Date.now();
    this.failures.set(what, { ...apiMessage(error, what), since });
    this.options.onChange();
  }

  private keep<T extends object>(what: string, informer: Informer<T>): void {
    const { signal } = this.options;
    const retry = (error: unknown): void => {
      if (signal.aborted) return;
      this.fail(what, error);
      setTimeout(start, RETRY_MILLISECONDS);
    };
    const start = (): void => {
      if (!signal.aborted) informer.start().catch(retry);
    };
    informer.on("error", retry);
    informer.on("connect", () => {
      this.failures.delete(what);
    });
    signal.addEventListener("abort", () => void informer.stop(), { once: true });
    start();
  }

  private seePod(pod: V1Pod, gone: boolean): void {
    const role = pod.metadata?.labels?.["fuse-test/role"];
    if (!isRole(role)) return;
    const state = this.pods.get(role);
    if (state === undefined) return;
    const facts = podFacts(pod);
    if (state.facts !== undefined && state.facts.uid !== facts.uid) {
      state.lines = [];
      state.logEnded = false;
    }
    const seen = gone ? { ...facts, deleted: true } : facts;
    if (!isDeepStrictEqual(seen, state.facts)) state.since = Date.now();
    state.facts = seen;
    this.nodeClock.see(facts.started, Date.now());
    if (
      !state.following &&
      !state.logEnded &&
      facts.container.state !== "waiting" &&
      facts.container.state !== "unknown"
    ) {
      void this.follow(role, state);
    }
    this.options.onChange();
  }

  private seeEvent(event: CoreV1Event): void {
    const facts = eventFacts(event);
    if (facts === undefined) return;
    const { key, uid: podUid, message } = facts;
    const since = this.events.get(key)?.message.since ?? Date.now();
    this.events.set(key, { podUid, message: { ...message, since } });
    this.options.onChange();
  }

  /** Events of this run's pods. They can be seen before the pods are, so that they are told apart here. */
  private eventMessages(): Message[] {
    const rolesByUid = new Map([...this.pods].map(([role, { facts }]) => [facts?.uid ?? "", role]));
    return [...this.events.values()].flatMap(({ podUid, message }) => {
      const role = podUid === "" ? undefined : rolesByUid.get(podUid);
      return role === undefined ? [] : [{ ...message, about: role }];
    });
  }

  private async follow(role: Role, state: PodState): Promise<void> {
    const { client, question, signal, onChange } = this.options;
    state.following = true;
    while (!signal.aborted && !state.logEnded) {
      const uid = state.facts?.uid;
      try {
        const lines = await followLog({
          client,
          namespace: question.namespace,
          pod: `fuse-${role}`,
          container: role,
          signal,
          onLines: (soFar) => {
            this.seeLines(state, soFar);
            onChange();
          },
        });
        this.seeLines(state, lines);
        state.logEnded = state.facts?.uid === uid && state.facts?.container.state === "terminated";
        this.failures.delete(role);
      } catch (error) {
        this.fail(role, error);
      }
      onChange();
      if (!state.logEnded) await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
    }
    state.following = false;
  }

  private async watchNode(): Promise<void> {
    const { signal } = this.options;
    while (!signal.aborted) {
      await this.lookAtNode();
      await new Promise((resolve) => setTimeout(resolve, NODE_MILLISECONDS));
    }
  }

  private async lookAtNode(): Promise<void> {
    const { client, question, onChange } = this.options;
    try {
      const { data, headers } = await client.core.readNodeWithHttpInfo({ name: question.node });
      this.node = nodeFacts(data);
      this.aheadOfApi = aheadOfServer(headers.date, Date.now());
      this.failures.delete("node");
    } catch (error) {
      const { reason } = apiMessage(error, question.node);
      if (reason === "404") this.node = missingNode;
      // Whoever deploys a test need not be allowed to read nodes; the kubelet will tell.
      else if (reason !== "403") this.fail("node", error);
    }
    onChange();
  }
}
