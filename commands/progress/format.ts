import { styleText } from "node:util";
import { wordOf } from "../../protocol/progress";
import { phaseTitles } from "./phase";
import type { OutputLine, State } from "./state";

/** Layout of the text. */
export interface Layout {
  /** True for colours in addition to the words. */
  readonly colours: boolean;
  /** True for aligned columns; else each line is as short as possible. */
  readonly wide: boolean;
}

/** Widest title of a phase: what follows is in one column. */
const TITLE_WIDTH = Math.max(...Object.values(phaseTitles).map(({ length }) => length));
/** Widest name of a check that keeps to its column. */
const NAME_WIDTH = 22;
/** Length to which the subject of a wait is cut in the frame. */
const LONGEST_WAIT = 160;

/** Terminal width that keeps the columns of a phase from breaking. */
export const WIDE_COLUMNS = TITLE_WIDTH + 30;

type Colour = "green" | "red" | "yellow" | "dim" | "bold";

function paint({ colours }: Layout, colour: Colour, text: string): string {
  return colours ? styleText(colour, text, { validateStream: false }) : text;
}

function pad({ wide }: Layout, text: string, width: number): string {
  return wide ? text.padEnd(width) : text;
}

/** Formats seconds for a column: ` 12.3 s`. */
function seconds(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(1).padStart(6)} s`;
}

function took(layout: Layout, milliseconds: number): string {
  return layout.wide ? ` ${seconds(milliseconds)}` : `, ${seconds(milliseconds).trim()}`;
}

function resultColour(passed: boolean | "not-applicable"): Colour {
  if (passed === "not-applicable") return "yellow";
  return passed ? "green" : "red";
}

/** Formats a message: the first line names the resource that it is about, the others are indented below it. */
function messageText(at: string, line: OutputLine & { kind: "message" }, layout: Layout): string {
  const { severity, name, text } = line;
  const about = name === "" ? "" : `${name}: `;
  const word =
    severity === "info" ? "" : `${paint(layout, severity === "error" ? "red" : "yellow", severity)}  `;
  const indent = layout.wide ? " ".repeat(at.length + 2) : "  ";
  return `${at}  ${word}${about}${text.replaceAll("\n", `\n${indent}`)}`;
}

/** Formats a line that is printed once: one line, and more only for a message that has more. */
export function formatLine(line: OutputLine, sinceStart: number, layout: Layout): string {
  const at = seconds(sinceStart);
  switch (line.kind) {
    case "phase": {
      const { title, milliseconds, failed } = line;
      const word = failed ? paint(layout, "red", "failed") : paint(layout, "green", pad(layout, "done", 6));
      const words = paint(layout, "bold", pad(layout, title, TITLE_WIDTH));
      return `${at}  ${word}  ${words}${took(layout, milliseconds)}`;
    }
    case "step": {
      const { title, milliseconds } = line;
      return `${at}  ${pad(layout, "", 8)}- ${pad(layout, title, TITLE_WIDTH - 2)}${took(layout, milliseconds)}`;
    }
    case "check": {
      const { name, observed, passed } = line.check;
      const word = paint(layout, resultColour(passed), pad(layout, wordOf(passed), 14));
      return `${at}  ${pad(layout, "", 2)}${word}  ${pad(layout, layout.wide ? name : `${name}:`, NAME_WIDTH)} ${observed}`;
    }
    case "message":
      return messageText(at, line, layout);
  }
}

/** Formats the frame at the foot of the screen: the current phases with their times, and the subject of the wait. */
export function frame(state: State, now: number, layout: Layout): string {
  const { phases, started, step, waitingFor } = state;
  const running = [...phases].filter(([, { ended }]) => ended === undefined);
  const indent = layout.wide ? " ".repeat(18) : "  ";
  const lines = running.map(([name, phase]) => {
    const word = paint(layout, "yellow", pad(layout, "now", 6));
    const title = pad(layout, phaseTitles[name], TITLE_WIDTH);
    return `${seconds(now - started)}  ${word}  ${title}${took(layout, now - phase.started)}`;
  });
  if (step !== undefined) {
    lines.push(`${indent}- ${pad(layout, step.what, TITLE_WIDTH - 2)}${took(layout, now - step.started)}`);
  }
  if (waitingFor !== "")
    lines.push(paint(layout, "dim", `${indent}waiting for ${waitingFor}`.slice(0, LONGEST_WAIT)));
  return lines.join("\n");
}
