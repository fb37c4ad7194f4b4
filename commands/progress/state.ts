import { parseProgressLine, type ProgressLine } from "../../protocol/progress";
import type { EngineEvent } from "./engine-event";
import { phaseOf, type PhaseName, phaseTitles, startPhases } from "./phase";

/** A phase that has begun. Times are milliseconds by one clock. */
interface Phase {
  readonly started: number;
  /** Undefined while the phase is under way. */
  readonly ended: number | undefined;
  /** Number of its resources that are under way. */
  readonly running: number;
  readonly failed: boolean;
  /** True if its end was reported. */
  readonly reported: boolean;
}

/** State of a run at one moment. */
export interface State {
  readonly started: number;
  /** In the order in which they began. */
  readonly phases: ReadonlyMap<PhaseName, Phase>;
  /** Current step of the examination or the cleanup. */
  readonly step: { readonly what: string; readonly started: number } | undefined;
  /** Subject of the wait; empty if there is none. */
  readonly waitingFor: string;
  /** Checks that were decided. */
  readonly decided: number;
}

/** A line that is printed once and stays on the screen. */
export type OutputLine =
  | {
      readonly kind: "phase";
      readonly title: string;
      readonly milliseconds: number;
      readonly failed: boolean;
    }
  | { readonly kind: "step"; readonly title: string; readonly milliseconds: number }
  | { readonly kind: "check"; readonly check: (ProgressLine & { kind: "check" })["check"] }
  | {
      readonly kind: "message";
      readonly severity: "info" | "warning" | "error";
      readonly name: string;
      readonly text: string;
    };

/** A step from one moment to the next. */
export interface Step {
  readonly state: State;
  readonly output: readonly OutputLine[];
}

/** Returns the state of a run that starts now. */
export function begin(now: number): State {
  const engine: Phase = { started: now, ended: undefined, running: 1, failed: false, reported: false };
  return { started: now, phases: new Map([["engine", engine]]), step: undefined, waitingFor: "", decided: 0 };
}

function change(phases: State["phases"], name: PhaseName, changed: Partial<Phase>): State["phases"] {
  const before = phases.get(name);
  return new Map(phases).set(name, {
    ...(before ?? { started: 0, ended: undefined, running: 0, failed: false, reported: false }),
    ...changed,
  });
}

/** Returns the line for the step that is under way, which ends now. */
function endStep({ step }: State, now: number): OutputLine[] {
  return step === undefined ? [] : [{ kind: "step", title: step.what, milliseconds: now - step.started }];
}

/** Reports each phase that has ended; the last one only if `all` is true, because more of it may follow. */
function reportPhases(state: State, all = false): Step {
  const output: OutputLine[] = [];
  let { phases } = state;
  const last = [...phases.keys()].at(-1);
  for (const [name, { started, ended, failed, reported }] of state.phases) {
    if (ended === undefined || reported || (name === last && !all)) continue;
    output.push({ kind: "phase", title: phaseTitles[name], milliseconds: ended - started, failed });
    phases = change(phases, name, { reported: true });
  }
  return { state: { ...state, phases }, output };
}

/** Ends the start phases that are under way: the engine has begun something else. */
function endStart(phases: State["phases"], now: number): State["phases"] {
  return startPhases.reduce(
    (all, name) => (all.get(name)?.running === 1 ? change(all, name, { ended: now, running: 0 }) : all),
    phases,
  );
}

function load(state: State, what: "policies" | "program", now: number): Step {
  if (state.phases.has(what)) return { state, output: [] };
  const phases = change(endStart(state.phases, now), what, { started: now, running: 1 });
  return reportPhases({ ...state, phases });
}

function beginResource(state: State, name: PhaseName, now: number): Step {
  const before = state.phases.get(name);
  const running = (before?.running ?? 0) + 1;
  const started = before?.started ?? now;
  const phases = change(endStart(state.phases, now), name, { running, started, ended: undefined });
  return reportPhases({ ...state, phases });
}

function endResource(state: State, name: PhaseName, now: number, failed: boolean): Step {
  const before = state.phases.get(name);
  if (before === undefined || before.running === 0) return { state, output: [] };
  const running = before.running - 1;
  const ended = running === 0 ? now : undefined;
  const phases = change(state.phases, name, { running, ended, failed: before.failed || failed });
  if (running > 0) return { state: { ...state, phases }, output: [] };
  const over = name === "examination" || name === "cleanup";
  const step = over ? undefined : state.step;
  const ending = reportPhases({ ...state, phases, step, waitingFor: "" });
  return { state: ending.state, output: [...(over ? endStep(state, now) : []), ...ending.output] };
}

function applyProgress(state: State, line: ProgressLine, now: number): Step {
  switch (line.kind) {
    case "waiting":
      return { state: { ...state, waitingFor: line.what }, output: [] };
    case "check":
      return { state: { ...state, decided: state.decided + 1 }, output: [line] };
    case "step":
      return {
        state: { ...state, step: { what: line.what, started: now } },
        output: endStep(state, now),
      };
  }
}

function applyMessage(state: State, event: EngineEvent & { kind: "message" }, now: number): Step {
  const { severity, name, text, ephemeral } = event;
  // Only the verdict command reports its progress, and all of it belongs to the information.
  const line = severity === "info" && name !== "" ? parseProgressLine(text) : undefined;
  if (line !== undefined) return applyProgress(state, line, now);
  if (ephemeral) return { state: { ...state, waitingFor: text.split("\n")[0] ?? "" }, output: [] };
  return { state, output: [{ kind: "message", severity, name, text }] };
}

/** Returns the state after an event of the engine, and the lines to print about it. */
export function advance(state: State, event: EngineEvent, now: number): Step {
  if (event.kind === "message") return applyMessage(state, event, now);
  if (event.kind === "loads") return load(state, event.what, now);
  const name = phaseOf(event);
  if (name === undefined) return { state, output: [] };
  return event.moment === "begins"
    ? beginResource(state, name, now)
    : endResource(state, name, now, event.moment === "fails");
}

/** Returns the state at the end of the run, with which everything that is under way ends. */
export function finish(state: State, now: number, succeeded: boolean): Step {
  let { phases } = state;
  for (const [name, { ended }] of state.phases) {
    if (ended === undefined) phases = change(phases, name, { ended: now, running: 0, failed: !succeeded });
  }
  const last = reportPhases({ ...state, phases }, true);
  return {
    state: { ...last.state, step: undefined, waitingFor: "" },
    output: [...endStep(state, now), ...last.output],
  };
}
