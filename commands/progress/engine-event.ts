import { stripVTControlCharacters } from "node:util";
import { z } from "zod";

/** An event of the engine, with the displayed fields. Texts have no control characters. */
export type EngineEvent =
  | {
      readonly kind: "resource";
      readonly moment: "begins" | "ends" | "fails";
      readonly operation: string;
      readonly type: string;
      readonly name: string;
    }
  | {
      readonly kind: "message";
      readonly severity: "info" | "warning" | "error";
      /** The resource that the message is about; empty for none. */
      readonly name: string;
      readonly text: string;
      /** Shown for a moment only. */
      readonly ephemeral: boolean;
    }
  | { readonly kind: "loads"; readonly what: "policies" | "program" };

const step = z.object({
  metadata: z.object({ op: z.string(), urn: z.string(), type: z.string(), logical: z.boolean().optional() }),
});

/**
 * One line of `pulumi up --json`: `EngineEvent` of sdk/go/common/apitype/events.go in pulumi/pulumi. Other fields
 * are ignored.
 */
const line = z.object({
  resourcePreEvent: step.optional(),
  resOutputsEvent: step.optional(),
  resOpFailedEvent: step.optional(),
  diagnosticEvent: z
    .object({
      urn: z.string().optional(),
      message: z.string(),
      severity: z.string(),
      ephemeral: z.boolean().optional(),
    })
    .optional(),
  policyEvent: z
    .object({
      resourceUrn: z.string().optional(),
      message: z.string(),
      policyName: z.string(),
      policyPackName: z.string(),
      enforcementLevel: z.string(),
    })
    .optional(),
  stdoutEvent: z.object({ message: z.string() }).optional(),
  errorEvent: z.object({ error: z.string() }).optional(),
  policyLoadEvent: z.object({}).optional(),
  /** Comes when the policies are there, before the program is started. */
  preludeEvent: z.object({}).optional(),
});

/** The engine's marks for colours, such as `<{%reset%}>`. */
const marks = /<\{%[^%]*%\}>/g;

/** Removes colours and all control characters but the ends of lines from foreign text, for a terminal. */
export function clean(text: string): string {
  return stripVTControlCharacters(text.replace(marks, ""))
    .replace(/\r\n?/g, "\n")
    .replace(/\t/g, "  ")
    .replace(/[^\P{C}\n]/gu, "")
    .trimEnd();
}

function nameOf(urn: string | undefined): string {
  return clean(urn?.split("::").at(-1) ?? "").replaceAll("\n", " ");
}

function resource(
  moment: "begins" | "ends" | "fails",
  { metadata }: z.infer<typeof step>,
): EngineEvent | undefined {
  // A replacement is reported as such, and again as its parts.
  if (metadata.logical === true && metadata.op.includes("replace")) return undefined;
  const { op, type, urn } = metadata;
  return { kind: "resource", moment, operation: op, type, name: nameOf(urn) };
}

function message(
  text: string,
  fields: Partial<EngineEvent & { kind: "message" }> = {},
): EngineEvent | undefined {
  const words = clean(text);
  if (words === "") return undefined;
  return { kind: "message", severity: "info", name: "", ephemeral: false, ...fields, text: words };
}

/** `info#err` is what a program printed on its standard error: no error by itself. */
const severities: Readonly<Record<string, "info" | "warning" | "error">> = {
  info: "info",
  "info#err": "info",
  warning: "warning",
  error: "error",
};

function diagnostic(event: NonNullable<z.infer<typeof line>["diagnosticEvent"]>): EngineEvent | undefined {
  const severity = severities[event.severity];
  if (severity === undefined) return undefined;
  const { urn, ephemeral = false } = event;
  return message(event.message, { severity, name: nameOf(urn), ephemeral });
}

function policy(event: NonNullable<z.infer<typeof line>["policyEvent"]>): EngineEvent | undefined {
  const { resourceUrn, policyName, policyPackName, enforcementLevel } = event;
  const severity = enforcementLevel === "mandatory" ? "error" : "warning";
  const title = `policy ${policyPackName}/${policyName} (${enforcementLevel})`;
  return message(`${title}: ${event.message}`, { severity, name: nameOf(resourceUrn) });
}

/**
 * Parses a line that the engine printed with `--json`. A line that is not an event becomes a message; undefined for an
 * event that is not displayed.
 */
export function parseEngineLine(text: string): EngineEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return message(text);
  }
  const { success, data } = line.safeParse(value);
  if (!success) return message(text);
  if (data.resourcePreEvent !== undefined) return resource("begins", data.resourcePreEvent);
  if (data.resOutputsEvent !== undefined) return resource("ends", data.resOutputsEvent);
  if (data.resOpFailedEvent !== undefined) return resource("fails", data.resOpFailedEvent);
  if (data.diagnosticEvent !== undefined) return diagnostic(data.diagnosticEvent);
  if (data.policyEvent !== undefined) return policy(data.policyEvent);
  if (data.stdoutEvent !== undefined) return message(data.stdoutEvent.message);
  if (data.errorEvent !== undefined) return message(data.errorEvent.error, { severity: "error" });
  if (data.policyLoadEvent !== undefined) return { kind: "loads", what: "policies" };
  return data.preludeEvent === undefined ? undefined : { kind: "loads", what: "program" };
}

/** Type of the resource that stands for the stack. */
const STACK = "pulumi:pulumi:Stack";

const stackEnds = z.object({
  resOutputsEvent: z.object({
    planning: z.literal(false).optional(),
    metadata: z.object({
      type: z.literal(STACK),
      new: z.object({ outputs: z.record(z.string(), z.unknown()) }),
    }),
  }),
});

/**
 * Parses the stack's outputs out of a line that the engine printed with `--json`; undefined if the line is about anything
 * else, or about a preview.
 * @returns the outputs as JSON, as `pulumi stack output --json` prints them.
 */
export function parseStackOutputs(text: string): string | undefined {
  // Most lines are about other resources, and long.
  if (!text.includes(STACK)) return undefined;
  try {
    const { data } = stackEnds.safeParse(JSON.parse(text));
    return data && JSON.stringify(data.resOutputsEvent.metadata.new.outputs);
  } catch {
    return undefined;
  }
}
