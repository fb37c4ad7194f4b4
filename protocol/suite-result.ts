import { z } from "zod";

/** Result of a comparison; `not-applicable` if it could not be observed. */
const passed = z.union([z.boolean(), z.literal("not-applicable")]);

const cell = z.object({
  /** Unique within a run. */
  id: z.string(),
  kind: z.enum(["visibility", "reverse", "refusal", "view", "node"]),
  propagation: z.enum(["None", "HostToContainer", "Bidirectional"]).nullable(),
  privileged: z.boolean().nullable(),
  uid: z.number().nullable(),
  allowOther: z.boolean().nullable(),
  /** Start of the container, relative to the mount. */
  started: z.enum(["before", "after"]).nullable(),
  /** Subject of the cell, in words. */
  title: z.string(),
  expected: z.string(),
  /** Reason for the expectation. */
  reason: z.string(),
  /** The result of a visibility or reverse cell as a code; absent for the other kinds. */
  finding: z
    .enum([
      ...(["reads", "denied", "absent", "no-sentinel", "hung", "unreadable", "other-content"] as const),
      ...(["sentinel-exposed", "refused", "propagated", "kept", "not-observed"] as const),
    ])
    .optional(),
  observed: z.string(),
  passed,
});

/** A set of measurements in milliseconds. */
const distribution = z.object({
  samples: z.array(z.number()),
  minimum: z.number(),
  median: z.number(),
  p95: z.number(),
  maximum: z.number(),
  /** The measurement can be wrong by this much, in milliseconds. */
  resolution: z.number(),
});

const scenario = z.object({
  name: z.enum(["kill", "hang", "restart", "delete", "evict"]),
  title: z.string(),
  times: z.number(),
  /** Result of the running consumer's next read, such as ENOTCONN. */
  consumerGot: z.string(),
  /** Result of reading from a file that was already open. */
  openFile: z.string(),
  /** From the loss to the moment at which the consumer noticed it. */
  noticed: distribution.nullable(),
  /** From the loss to the consumer reading the new nonce. */
  recovered: distribution.nullable(),
  /** True if the same running consumer read the new mount each time. */
  sameConsumer: z.boolean(),
  /** Highest number of mounts that were seen at the path at one time. */
  mounts: z.number(),
  passed,
  observed: z.string(),
});

const speed = z.object({
  operation: z.enum(["sequential", "random", "stat", "readdir"]),
  title: z.string(),
  where: z.enum(["producer", "consumer"]),
  /** Medians in milliseconds. */
  plain: z.number(),
  fuse: z.number(),
  /** Time through FUSE by time without it. */
  ratio: z.number(),
});

const examination = z.object({
  suite: z.enum(["standard", "full"]),
  /** `recovers`, the partial success `needs-liveness-probe`, or `incomplete`. */
  outcome: z.enum(["recovers", "needs-liveness-probe", "incomplete"]),
  summary: z.string(),
  /** The missing part if the examination could not be finished; else empty. */
  problem: z.string(),
  /** The clock that the pods measured with. */
  clock: z.string(),
  cells: z.array(cell),
  scenarios: z.array(scenario),
  /** From the mount in the producer's mountinfo to the mount in the consumer's. */
  latency: distribution.nullable(),
  speed: z.array(speed),
  daemon: z.object({ cpuSeconds: z.number(), residentMib: z.number(), peakMib: z.number() }).nullable(),
  disappearance: z.array(z.object({ where: z.string(), expected: z.string(), observed: z.string(), passed })),
  /** Milliseconds from the start of the run. */
  timeline: z.array(z.object({ name: z.string(), start: z.number(), end: z.number() })),
  /** A liveness probe, as YAML to paste, that finds a stale or hung mount. */
  livenessProbe: z.string(),
});

/** Everything that the suites find beyond the quick test. */
export type Examination = z.infer<typeof examination>;
/** One cell of the visibility matrix. */
export type Cell = z.infer<typeof cell>;
/** A way to lose a mount, and its result. */
export type Scenario = z.infer<typeof scenario>;
/** A set of measurements. */
export type Distribution = z.infer<typeof distribution>;
/** The speed of one operation in one place. */
export type Speed = z.infer<typeof speed>;

/** The schema of an examination, for reports. */
export const examinationSchema = examination;

/** Returns the value below which a part of the samples is, by the nearest rank. */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN;
}

/** Returns the distribution of samples in milliseconds; null if there are none. */
export function distributionOf(samples: readonly number[], resolution: number): Distribution | null {
  if (samples.length === 0) return null;
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    samples: samples.map(round),
    minimum: round(percentile(samples, 0)),
    median: round(percentile(samples, 0.5)),
    p95: round(percentile(samples, 0.95)),
    maximum: round(percentile(samples, 1)),
    resolution: round(resolution),
  };
}
