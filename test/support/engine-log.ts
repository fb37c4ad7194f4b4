/** What the engine did with a resource: one line of its event log. */
export interface Operation {
  /** Name of the resource. */
  readonly name: string;
  /** Such as `create`, `update`, `delete-replaced` or `create-replacement`. */
  readonly operation: string;
  readonly phase: "begins" | "ends";
}

interface Step {
  readonly metadata: { readonly op: string; readonly urn: string; readonly type: string };
}

interface EngineEvent {
  readonly resourcePreEvent?: Step;
  readonly resOutputsEvent?: Step;
}

/** Reads the file that `--event-log` wrote: every step on a resource that is not a component and did not stay the same. */
export function parseEventLog(text: string): Operation[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line): Operation[] => {
      const { resourcePreEvent, resOutputsEvent } = JSON.parse(line) as EngineEvent;
      const metadata = (resourcePreEvent ?? resOutputsEvent)?.metadata;
      if (metadata === undefined || metadata.op === "same") return [];
      if (/^(pulumi:pulumi:Stack|fuse-test:)/.test(metadata.type)) return [];
      const name = metadata.urn.split("::").at(-1) ?? "";
      const phase = resourcePreEvent === undefined ? "ends" : "begins";
      return [{ name, operation: metadata.op, phase }];
    });
}

/** What happened to each resource in short: `replace NAME`, `update NAME`, `create NAME`, `delete NAME`; sorted. */
export function changesOf(operations: readonly Operation[]): string[] {
  const parts = new Set(["create-replacement", "delete-replaced"]);
  return [
    ...new Set(
      operations
        .filter(({ operation }) => !parts.has(operation))
        .map(({ name, operation }) => `${operation} ${name}`),
    ),
  ].sort();
}
