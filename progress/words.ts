import { styleText } from "node:util";
import { wordOf } from "../verdict/progress";
import { phaseTitles } from "./phase";
import type { Said, State } from "./state";

/** Colours a text, or leaves it as it is where there are no colours. */
export type Paint = (colour: "green" | "red" | "yellow" | "dim" | "bold", text: string) => string;

/** Paints for a terminal. */
export const colours: Paint = (colour, text) => styleText(colour, text);
/** Paints nothing. */
export const plain: Paint = (_, text) => text;

/** Widest title of a phase: what follows stands in one column. */
const TITLE_WIDTH = Math.max(...Object.values(phaseTitles).map(({ length }) => length));
/** Widest name of a check that keeps to its column. */
const NAME_WIDTH = 22;
/** What is waited for is cut to this in the frame. */
const LONGEST_WAIT = 160;

/** Seconds for a column: ` 12.3 s`. */
export function seconds(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(1).padStart(6)} s`;
}

function resultColour(passed: boolean | "not-applicable"): "green" | "red" | "yellow" {
  if (passed === "not-applicable") return "yellow";
  return passed ? "green" : "red";
}

/** Lines of a message: the first with the time and the resource it is about, the others below it. */
function messageLines(at: string, said: Said & { kind: "message" }, paint: Paint): string {
  const { severity, name, text } = said;
  const about = name === "" ? "" : `${name}: `;
  const word = severity === "info" ? "" : `${paint(severity === "error" ? "red" : "yellow", severity)}  `;
  return `${at}  ${word}${about}${text.replaceAll("\n", `\n${" ".repeat(at.length + 2)}`)}`;
}

/** What is told once, as text: one line, and more only for a message that has more. */
export function saidText(said: Said, sinceStart: number, paint: Paint): string {
  const at = seconds(sinceStart);
  switch (said.kind) {
    case "phase": {
      const { title, milliseconds, failed } = said;
      const word = failed ? paint("red", "failed") : paint("green", "done  ");
      return `${at}  ${word}  ${paint("bold", title.padEnd(TITLE_WIDTH))} ${seconds(milliseconds)}`;
    }
    case "step":
      return `${at}          - ${said.title.padEnd(TITLE_WIDTH - 2)} ${seconds(said.milliseconds)}`;
    case "check": {
      const { name, observed, passed } = said.check;
      const word = paint(resultColour(passed), wordOf(passed).padEnd(14));
      return `${at}    ${word}  ${name.padEnd(NAME_WIDTH)}  ${observed}`;
    }
    case "message":
      return messageLines(at, said, paint);
  }
}

/** The frame at the foot of the screen: what is under way, since when, and what is waited for. */
export function frame(state: State, now: number, paint: Paint): string {
  const running = [...state.phases].filter(([, { ended }]) => ended === undefined);
  const lines = running.map(
    ([name, { started }]) =>
      `${seconds(now - state.started)}  ${paint("yellow", "now   ")}  ${phaseTitles[name].padEnd(TITLE_WIDTH)} ${seconds(now - started)}`,
  );
  const { step, waitingFor } = state;
  if (step !== undefined) {
    lines.push(`${" ".repeat(18)}- ${step.what.padEnd(TITLE_WIDTH - 2)} ${seconds(now - step.started)}`);
  }
  if (waitingFor !== "") {
    lines.push(paint("dim", `${" ".repeat(18)}waiting for ${waitingFor}`.slice(0, LONGEST_WAIT)));
  }
  return lines.join("\n");
}
