import type { WriteStream } from "node:tty";
import { clean, type EngineEvent, parseEngineLine } from "./engine-event";
import { advance, begin, finish, type State, type Step } from "./state";
import { formatLine, frame, type Layout, WIDE_COLUMNS } from "./format";

/** Shows a run of the engine while it is in progress. */
export interface Display {
  /** Shows a line that the engine printed with `--json`. */
  readonly line: (text: string) => void;
  /** Shows a line that belongs to no resource, such as the engine's standard error. */
  readonly words: (text: string) => void;
  /** Ends the display: nothing is redrawn any more. */
  readonly end: (succeeded: boolean) => void;
}

/** Interval at which the times in the frame are updated, in milliseconds. */
const FRAME_MILLISECONDS = 200;

/** A frame at the foot of a terminal, which can be erased and redrawn. */
interface Frame {
  readonly draw: (text: string) => void;
  readonly clear: () => void;
}

const noFrame: Frame = { draw: () => undefined, clear: () => undefined };

/**
 * Opens the frame of a terminal. The cursor stays visible and the screen the ordinary one: nothing of the terminal has to
 * be restored, however the program ends.
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

/** Returns true if lines on this output can be erased. */
function canMove(output: WriteStream, env: NodeJS.ProcessEnv): boolean {
  return output.isTTY && env.TERM !== "dumb";
}

/**
 * Opens the display: on a terminal finished phases scroll by and the current ones stay at its foot, with running times;
 * elsewhere it prints one line for each phase and check.
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
    if (step.output.length > 0) {
      foot.clear();
      const sinceStart = Date.now() - state.started;
      output.write(step.output.map((line) => `${formatLine(line, sinceStart, layout())}\n`).join(""));
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
