import { z } from "zod";

const check = z.object({
  name: z.string(),
  expected: z.string(),
  observed: z.string(),
  /** A check that the driver cannot support is not applicable: neither passed nor failed. */
  passed: z.union([z.boolean(), z.literal("not-applicable")]),
  /** From the start of the run until the check was decided. */
  milliseconds: z.number(),
});

/** Milliseconds from the start of the run; null for what did not happen. */
const timings = z.object({
  created: z.number().nullable(),
  scheduled: z.number().nullable(),
  producerMounted: z.number().nullable(),
  consumerSaw: z.number().nullable(),
  verdict: z.number(),
});

const run = z.object({
  id: z.string(),
  /** RFC 3339. */
  start: z.string(),
  end: z.string(),
  /** The kubeconfig's names of its cluster and context, and the API server's URL; empty if unknown. */
  cluster: z.string(),
  context: z.string(),
  server: z.string(),
  node: z.string(),
  namespace: z.string(),
  driver: z.string(),
  image: z.string(),
  /** As the runtime resolved it; empty if no container started. */
  imageDigest: z.string(),
  kernel: z.string(),
  kubelet: z.string(),
  runtime: z.string(),
  /** Propagation of the bridge's mount in the producer, such as `shared:12`; empty if it was not seen. */
  propagation: z.string(),
});

const verdict = z.object({
  verdict: z.enum(["SUCCESS", "FAILURE", "ERROR"]),
  /** Empty on SUCCESS, else a code of the catalogue. */
  cause: z.string(),
  /** Other causes that were observed and that do not follow from the named one. */
  otherCauses: z.array(z.string()),
  /** One sentence that a person can act on. */
  summary: z.string(),
  nextSteps: z.array(z.string()),
  checks: z.array(check),
  timings,
  run,
  /** Folder with the report of this run. */
  report: z.string(),
});

const preflightResult = z.object({
  /** When the run started, RFC 3339. */
  start: z.string(),
  /** The verdict if the preflight found a problem that stops the test, else null. */
  verdict: verdict.nullable(),
  /** Ids of the runs whose pods it has removed. */
  ended: z.array(z.string()).default([]),
});

/** The schema of a verdict, for requests and reports. */
export const verdictSchema = verdict;

/** Subject of an observation, with the expected and the observed result. */
export type Check = z.infer<typeof check>;
/** Milliseconds from the start of the run to its milestones. */
export type Timings = z.infer<typeof timings>;
/** Identity of the run, its place and its software versions. */
export type Run = z.infer<typeof run>;
/** The answer, as the stack's outputs and `--json` give it. */
export type Verdict = z.infer<typeof verdict>;
/** Exit status of a command that judges a run, by verdict. */
export const exitStatus = { SUCCESS: 0, FAILURE: 1, ERROR: 2 } as const;
export type PreflightResult = z.infer<typeof preflightResult>;

/** Parses the verdict command's output. @throws if it is not a verdict. */
export function parseVerdict(text: string): Verdict {
  return verdict.parse(JSON.parse(text));
}

/** Parses the preflight's output. @throws if it is not one. */
export function parsePreflightResult(text: string): PreflightResult {
  return preflightResult.parse(JSON.parse(text));
}

/**
 * Returns an ERROR for a run that was not judged: it has neither checks nor a report. Facts that are not given are
 * empty.
 */
export function unjudged(
  { cause, summary, nextSteps }: Pick<Verdict, "cause" | "summary" | "nextSteps">,
  {
    start,
    end,
    ...known
  }: Partial<Omit<Run, "start" | "end">> & { readonly start: Date; readonly end: Date },
): Verdict {
  return {
    verdict: "ERROR",
    cause,
    summary,
    otherCauses: [],
    nextSteps,
    checks: [],
    timings: {
      ...{ created: null, scheduled: null, producerMounted: null, consumerSaw: null },
      verdict: end.getTime() - start.getTime(),
    },
    run: {
      ...{ id: "", start: start.toISOString(), end: end.toISOString(), cluster: "", context: "", server: "" },
      ...{ node: "", namespace: "", driver: "", image: "", imageDigest: "" },
      ...{ kernel: "", kubelet: "", runtime: "", propagation: "" },
      ...known,
    },
    report: "",
  };
}

/** Parses a stack's outputs as JSON; undefined if they contain no verdict. */
export function parseOutputs(text: string): Verdict | undefined {
  try {
    return verdict.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
