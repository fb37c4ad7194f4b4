import { podName, type Role } from "../../manifests/common";
import { ownFault } from "../log-fault";
import type { PodObservation } from "../observation";
import type { LogLine } from "../../protocol/pod-log";
import type { Ask } from "../../kube/http";
import { followLog, readLog } from "./log-follower";

/** Pause before a log is read again, in milliseconds. */
const PAUSE_MILLISECONDS = 200;

/** Time for which a log may still be followed after its container has terminated, in milliseconds. */
const LATE_MILLISECONDS = 1000;

/** The pod whose log is read, and the callbacks of its reader. */
export interface LogSource {
  readonly role: Role;
  readonly namespace: string;
  readonly ask: Omit<Ask, "path" | "query">;
  /** The pod's current state, with what was read of its log. */
  readonly pod: () => PodObservation;
  readonly onLines: (lines: readonly LogLine[], uid: string | undefined) => void;
  /** Called when the whole log was read after the container has terminated. */
  readonly onEnd: (uid: string | undefined) => void;
  readonly onRead: () => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Reads the log of one container: follows it while it runs, and reads it from its beginning when it has
 * terminated.
 */
export class LogReader {
  private reading = false;
  private wake: (() => void) | undefined;

  constructor(private readonly source: LogSource) {}

  /** Must be called whenever the pod has changed. Starts to read when its container has a log. */
  podChanged(): void {
    const { state } = this.source.pod().facts?.container ?? { state: "unknown" };
    if (state !== "running" && state !== "terminated") return;
    if (state === "terminated") this.wake?.();
    if (!this.reading) void this.readOn();
  }

  /** Reads the current log of a running container once. */
  async readNow(): Promise<void> {
    const uid = this.uid();
    try {
      const lines = await readLog(this.options(this.source.ask.signal));
      this.source.onLines(lines, uid);
      if (this.uid() === uid) this.source.onRead();
    } catch (error) {
      if (!this.source.ask.signal.aborted) this.source.onFailure(error);
    }
  }

  private uid(): string | undefined {
    return this.source.pod().facts?.uid;
  }

  private hasEnded(): boolean {
    return this.source.pod().facts?.container.state === "terminated";
  }

  private isDone(): boolean {
    const pod = this.source.pod();
    return pod.logEnded && ownFault(this.source.role, pod) === undefined;
  }

  private options(signal: AbortSignal) {
    const { role, namespace, ask, onLines, pod } = this.source;
    const uid = this.uid();
    const name = pod().facts?.name ?? podName(role);
    return {
      ...ask,
      signal,
      path: `/api/v1/namespaces/${namespace}/pods/${name}/log`,
      container: role,
      onLines: (lines: readonly LogLine[]): void => {
        onLines(lines, uid);
      },
    };
  }

  /** Follows the log until it closes, or until its container has been terminated for some time. */
  private async follow(): Promise<void> {
    const stop = new AbortController();
    const { signal } = this.source.ask;
    let late: NodeJS.Timeout | undefined;
    this.wake = () => {
      late ??= setTimeout(() => {
        stop.abort();
      }, LATE_MILLISECONDS);
    };
    try {
      await followLog(this.options(AbortSignal.any([signal, stop.signal])));
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      clearTimeout(late);
      this.wake = undefined;
    }
  }

  private async readOn(): Promise<void> {
    const { source } = this;
    const { signal } = source.ask;
    const isOver = (): boolean => signal.aborted || this.isDone();
    this.reading = true;
    while (!isOver()) {
      try {
        const uid = this.uid();
        if (!this.hasEnded()) await this.follow();
        // The log is complete if it was read after the container terminated.
        const ended = this.hasEnded() && this.uid() === uid;
        const lines = await readLog(this.options(signal));
        source.onLines(lines, uid);
        source.onRead();
        if (ended) source.onEnd(uid);
      } catch (error) {
        if (!isOver()) source.onFailure(error);
      }
      if (!isOver()) await this.pause();
    }
    this.reading = false;
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PAUSE_MILLISECONDS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
