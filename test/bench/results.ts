import { z } from "zod";
import { median, quartiles, ratios, summarise } from "./figures";
import { type Goal, ROW_NAMES, ROWS, type RowName } from "./rows";

/** Seconds of each round, by row. */
const series = z.partialRecord(z.enum(ROW_NAMES), z.array(z.number().positive()).min(1));

const results = z.object({
  /** RFC 3339, of the end of the measurement. */
  date: z.string(),
  machine: z.object({ cores: z.number(), kernel: z.string(), node: z.string(), load: z.number() }),
  /** Whether the guard was deployed by the stack. */
  guard: z.boolean(),
  seconds: series,
  /** Seconds of the phases of an update with the pack, by title. */
  phases: z.record(z.string(), z.array(z.number())),
  /** Further figures with their unit, by title. */
  figures: z.record(z.string(), z.object({ unit: z.string(), values: z.array(z.number()) })),
});

/** What a run of the bench measured. */
export type Results = z.infer<typeof results>;

/**
 * Parses a file of results.
 * @throws Error in one line if it is not one.
 */
export function parseResults(text: string): Results {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { success, data, error } = results.safeParse(value);
  if (success) return data;
  throw new Error(
    error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`).join("; "),
  );
}

/** Describes a goal and whether the figures meet it. */
function describeGoal(goal: Goal, own: readonly number[], seconds: Results["seconds"]): string {
  if ("seconds" in goal) return `${goal.seconds} s: ${median(own) <= goal.seconds ? "met" : "missed"}`;
  const other = seconds[goal.of];
  if (other === undefined) return `${goal.times}x ${ROWS[goal.of].title}: not measured`;
  const ratio = ratios(own, other);
  const [first, third] = quartiles(ratio);
  const met = median(ratio) <= goal.times ? "met" : "missed";
  return `${goal.times}x ${ROWS[goal.of].title}: ${median(ratio).toFixed(2)}x (${first.toFixed(2)} to ${third.toFixed(2)}), ${met}`;
}

function rowsOf({ seconds }: Results): { name: RowName; own: readonly number[] }[] {
  return ROW_NAMES.flatMap((name) => {
    const own = seconds[name];
    return own === undefined ? [] : [{ name, own }];
  });
}

/** Renders results as a table in Markdown: rows with their goals, phases, and further figures. */
export function renderResults(measured: Results): string {
  const { seconds, phases, figures, guard, date, machine } = measured;
  const lines = rowsOf(measured).map(({ name, own }) => {
    const { title, goal } = ROWS[name];
    return `| ${title} | ${summarise(own)} | ${goal === undefined ? "" : describeGoal(goal, own, seconds)} |`;
  });
  return [
    `Measured ${date}, guard ${guard ? "on" : "off"}, ${machine.cores} cores, Node.js ${machine.node}, kernel ${machine.kernel}, load ${machine.load.toFixed(1)} at the end.`,
    "",
    "| what | seconds: median (least to most) | goal |",
    "| --- | --- | --- |",
    ...lines,
    ...(Object.keys(phases).length === 0
      ? []
      : [
          "",
          "| phase of an up with the pack | seconds |",
          "| --- | --- |",
          ...Object.entries(phases).map(([title, values]) => `| ${title} | ${summarise(values)} |`),
        ]),
    ...(Object.keys(figures).length === 0
      ? []
      : [
          "",
          "| figure | median (least to most) |",
          "| --- | --- |",
          ...Object.entries(figures).map(
            ([title, { unit, values }]) => `| ${title} | ${summarise(values)} ${unit} |`,
          ),
        ]),
    "",
  ].join("\n");
}

/**
 * Returns a row's figures as multiples of what kubectl took in the same round, or in seconds for kubectl's own rows: a
 * slower machine is not a slower program.
 */
function comparable(name: RowName, { seconds }: Results): readonly number[] | undefined {
  const own = seconds[name];
  const yardstick = seconds["kubectl-apply"];
  if (own === undefined || name.startsWith("kubectl-")) return undefined;
  return yardstick === undefined ? undefined : ratios(own, yardstick).filter((value) => !Number.isNaN(value));
}

/**
 * Lists the rows that got slower than a baseline beyond noise: the first quartile of the new figures, each as a multiple
 * of kubectl's in its round, is above the third quartile of the old ones, and the median by more than five percent.
 */
export function listSlower(baseline: Results, measured: Results): string[] {
  return ROW_NAMES.flatMap((name) => {
    const [before, after] = [comparable(name, baseline), comparable(name, measured)];
    if (before === undefined || after === undefined) return [];
    const [, highest] = quartiles(before);
    const [lowest] = quartiles(after);
    const change = median(after) / median(before);
    if (lowest <= highest || change <= 1.05) return [];
    return [
      `${ROWS[name].title}: ${median(after).toFixed(2)} times kubectl apply, before ${median(before).toFixed(2)} (${Math.round((change - 1) * 100)} % more)`,
    ];
  });
}
