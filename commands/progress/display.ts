import type { WriteStream } from "node:tty";
import { clean, type EngineEvent, parseEngineLine } from "./engine-event";
import { advance, begin, finish, type State, type Step } from "./state";
import { frame, type Layout, saidText, WIDE_COLUMNS } from "./format";

/** Shows a run of the engine while it is in progress. */
export interface Display {
  /** Shows a line that the engine printed with `--json`. */
  readonly line: (text: string) => void;
  /** Shows a line that belongs to no resource, such as the engine's standard error. */
  readonly words: (text: string) => void;
  /** Ends the display: nothing of it moves any more. */
  readonly end: (succeeded: boolean) => void;
}

/** Frequency at which the times in the frame move on, in milliseconds. */
const FRAME_MILLISECONDS = 200;

/** A frame at the foot of a terminal, which can be erased and redrawn. */
interface Frame {
  readonly draw: (text: string) => void;
  readonly clear: () => void;
}

const noFrame: Frame = { draw: () => undefined, clear: () => undefined };

/**
 * The frame of a terminal. The cursor stays visible and the screen the ordinary one: however the program ends,
 * the terminal has nothing to be put back.
 */
async function terminalFrame(output: WriteStream): Promise<Frame> {
  const { createLogUpdate } = await import("log-update");
  const update = createLogUpdate(output, { showCursor: true });
  return {
    draw: (text) => {
      update(text);
    },
    clear: () => {
      update.clear();
    },
  };
}

/** Returns true if lines can be taken back on this output. */
function canMove(output: WriteStream, env: NodeJS.ProcessEnv): boolean {
  return output.isTTY && env.TERM !== "dumb";
}

/**
 * Opens the display: on a terminal what is done scrolls by and what is under way stays at its foot, with times
 * that keep running; elsewhere one line for each phase and check.
 */
export async function openDisplay(
  output: WriteStream,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Display> {
  const moves = canMove(output, env);
  const foot = moves ? await terminalFrame(output) : noFrame;
  const colours = moves && (env.NO_COLOR ?? "") === "";
  // A terminal can be made narrower while it is written to.
  const layout = (): Layout => ({ colours, wide: !moves || output.columns >= WIDE_COLUMNS });
  let state: State = begin(Date.now());

  const draw = (): void => {
    foot.draw(frame(state, Date.now(), layout()));
  };
  const take = (step: Step): void => {
    ({ state } = step);
    if (step.said.length > 0) {
      foot.clear();
      const sinceStart = Date.now() - state.started;
      output.write(step.said.map((said) => `${saidText(said, sinceStart, layout())}\n`).join(""));
    }
    draw();
  };
  const show = (event: EngineEvent | undefined): void => {
    if (event !== undefined) take(advance(state, event, Date.now()));
  };
  const timer = moves ? setInterval(draw, FRAME_MILLISECONDS) : undefined;
  draw();
  return {
    line: (text) => {
      show(parseEngineLine(text));
    },
    words: (text) => {
      const words = clean(text);
      if (words !== "") show({ kind: "message", severity: "info", name: "", text: words, ephemeral: false });
    },
    end: (succeeded) => {
      clearInterval(timer);
      take(finish(state, Date.now(), succeeded));
      foot.clear();
    },
  };
}
