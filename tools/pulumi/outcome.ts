// Formats the last lines of `pulumi up`: the verdict, or what stopped the update. The engine shows every output, and
// the checks are so many that the verdict is lost among them; they are in the report and in `pulumi stack output`.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createFolder } from "../create-folder.cjs";
import { stateHome } from "../paths";
import { problemText } from "./problem";
import { isDead } from "./processes";

/** The part of an update's log that shows its result: `EngineEvent` of sdk/go/common/apitype in pulumi/pulumi. */
interface LoggedEvent {
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly message: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
  };
  readonly resOutputsEvent?: {
    readonly planning?: boolean;
    readonly metadata: { readonly type: string; readonly new?: { readonly outputs?: Outputs } };
  };
}

/** The stack's outputs, of which an update that was stopped may have none. */
interface Outputs {
  readonly verdict?: string;
  readonly cause?: string;
  readonly summary?: string;
  readonly nextSteps?: readonly string[];
  readonly report?: string;
  readonly checks?: readonly { readonly passed?: unknown }[];
}

/** An update whose outcome is shown in short. */
export interface Shortened {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Shows the outcome when the update has ended. */
  readonly show: (write: (words: string) => void) => void;
}

/** Options with which an update shows no outputs to a person, or shows them in a way that the user has chosen. */
const SHOWS_OTHERWISE =
  /^(?:--json|-j|--suppress-outputs|--help|-h|--preview-only|--event-log|--diff)(?:=|$)/;

const VERDICTS: readonly (string | undefined)[] = ["SUCCESS", "FAILURE", "ERROR"];

/** The engine's marks for colours, such as `<{%reset%}>`, and what a terminal would obey. */
const plain = (text: string): string =>
  text
    .replace(/<\{%[^%]*%\}>/g, "")
    .replace(/[^\P{C}\n]/gu, "")
    .trim();

function eventsFile(env: NodeJS.ProcessEnv): string {
  const folder = join(stateHome(env), "updates");
  createFolder(folder, 0o700);
  // An update that was killed has left its own.
  for (const name of readdirSync(folder)) {
    const pid = /^events-(\d+)\.jsonl$/.exec(name)?.[1];
    if (pid !== undefined && isDead(Number(pid))) rmSync(join(folder, name), { force: true });
  }
  return join(folder, `events-${process.pid}.jsonl`);
}

/** Reads the events that the engine has logged, without lines that are cut off. */
function readEvents(file: string): LoggedEvent[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line) => {
        try {
          return [JSON.parse(line) as LoggedEvent];
        } catch {
          return [];
        }
      });
  } catch {
    return [];
  }
}

/** Returns the errors and refusals among the engine's events, each once. */
function problemsIn(events: readonly LoggedEvent[]): string[] {
  const texts = events.flatMap(({ diagnosticEvent, policyEvent }) => {
    if (policyEvent?.enforcementLevel === "mandatory") {
      const object = policyEvent.resourceUrn?.split("::").at(-1);
      return [
        `${object === undefined ? "" : `${object}: `}${plain(policyEvent.message)} (policy ${policyEvent.policyName})`,
      ];
    }
    return diagnosticEvent?.severity === "error" ? [problemText(plain(diagnosticEvent.message))] : [];
  });
  return [...new Set(texts)].filter((text) => text !== "");
}

/** Returns the stack's outputs that the update has left; undefined if there are none. */
function outputsIn(events: readonly LoggedEvent[]): Outputs | undefined {
  return (
    events
      .map(({ resOutputsEvent }) => resOutputsEvent)
      // A preview that a person did not continue has the outputs of an earlier run.
      .filter((event) => event?.metadata.type === "pulumi:pulumi:Stack" && event.planning !== true)
      .at(-1)?.metadata.new?.outputs
  );
}

function list(lines: readonly string[]): string[] {
  return lines.map((line) => `  - ${line.replaceAll("\n", "\n    ")}`);
}

/** Describes an update that has ended, from the engine's events. */
export function describeEnd(events: readonly LoggedEvent[]): string[] {
  const { verdict, cause, summary, nextSteps = [], report, checks = [] } = outputsIn(events) ?? {};
  // The outputs that an update begins with name no report: it was stopped half-way.
  if (VERDICTS.includes(verdict) && report !== "") {
    const passed = checks.filter((check) => check.passed === true).length;
    return [
      "",
      summary ?? "",
      ...list(nextSteps),
      ...(checks.length === 0
        ? []
        : [`checks: ${passed} of ${checks.length} passed (all: npx pulumi stack output checks)`]),
      `report: ${report ?? ""}`,
      ...(cause === undefined || cause === "" ? [] : [`cause: ${cause}`]),
      `verdict: ${verdict ?? ""}`,
    ];
  }
  const problems = problemsIn(events);
  if (problems.length === 0) return [];
  return ["", "This update was stopped, and has no verdict. Fix this, then run it again:", ...list(problems)];
}

/**
 * Prepares an update whose outcome is shown in short.
 * @returns the arguments and the environment for the engine, and the function that shows the outcome when it has ended;
 * undefined if the command is no update, or the user has chosen another form of output.
 */
export function shortened({ args, env }: Pick<Shortened, "args" | "env">): Shortened | undefined {
  if (args.some((arg) => SHOWS_OTHERWISE.test(arg))) return undefined;
  const file = eventsFile(env);
  return {
    args: [...args, "--suppress-outputs", "--event-log", file],
    // Without it the engine refuses --event-log.
    env: { ...env, PULUMI_DEBUG_COMMANDS: "true" },
    show: (write) => {
      const lines = describeEnd(readEvents(file));
      rmSync(file, { force: true });
      if (lines.length > 0) write(`${lines.join("\n")}\n`);
    },
  };
}
