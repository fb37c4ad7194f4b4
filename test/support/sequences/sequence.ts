import fc from "fast-check";

/** What a sequence may set; everything else stays as the stack of the tests has it. */
export interface SequenceSettings {
  readonly driver: string;
  /** Absent: the cluster's own, which every node has. */
  readonly image?: string | undefined;
  readonly hostPath: string;
  readonly timeoutSeconds: number;
}

/** Pods that a person may delete. */
export type DeletedPod = "producer" | "consumer" | "control";

/** When something happens to a command: some time after it has printed so many lines. */
interface Moment {
  readonly lines: number;
  readonly milliseconds: number;
}

/** What happens to a command while it runs: a signal, or pods that a user deletes. */
export type Disturbance = { readonly at: Moment } & (
  { readonly signal: "SIGKILL" | "SIGTERM" | "SIGINT" } | { readonly deletes: readonly DeletedPod[] }
);

/** One thing that a person does. */
export type Step =
  | {
      readonly action: "up";
      /** A new run's id, or the last one's. */
      readonly run: "new" | "same";
      readonly change: Partial<SequenceSettings>;
      readonly disturbance?: Disturbance | undefined;
    }
  | { readonly action: "destroy"; readonly disturbance?: Disturbance | undefined }
  | { readonly action: "delete pods"; readonly pods: readonly DeletedPod[] };

/** An image that no node has. */
export const MISSING_IMAGE = `fuse-test.local/none@sha256:${"0".repeat(64)}`;

/** The bridge directories of the sequences. */
export const HOST_PATHS = ["/tmp/fuse-test-bridge", "/tmp/fuse-test-bridge-other"] as const;

/** What every sequence starts with. */
export const FIRST_SETTINGS: SequenceSettings = {
  driver: "rclone",
  hostPath: HOST_PATHS[0],
  timeoutSeconds: 60,
};

/** An update prints some 50 lines, and a destroy 40; most of an update's time passes in its last ones. */
const LINES = { up: 50, destroy: 40 } as const;

/** Longest time between a line and what then happens: as long as the longest wait for the next line, nearly. */
const LONGEST_DELAY_MILLISECONDS = 2000;

const pods: fc.Arbitrary<DeletedPod[]> = fc.subarray<DeletedPod>(["producer", "consumer", "control"], {
  minLength: 1,
});

function disturbance(verb: keyof typeof LINES): fc.Arbitrary<Disturbance> {
  const at = fc.record({
    lines: fc.integer({ min: 0, max: LINES[verb] }),
    milliseconds: fc.integer({ min: 0, max: LONGEST_DELAY_MILLISECONDS }),
  });
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ at, signal: fc.constantFrom("SIGKILL", "SIGTERM", "SIGINT") }),
    },
    { weight: 1, arbitrary: fc.record({ at, deletes: pods }) },
  );
}

const change: fc.Arbitrary<Partial<SequenceSettings>> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  fc.record({ driver: fc.constantFrom("rclone", "rclone-mount2", "bindfs", "squashfuse") }),
  fc.record({ image: fc.constantFrom(undefined, MISSING_IMAGE) }),
  fc.record({ hostPath: fc.constantFrom(...HOST_PATHS) }),
  fc.record({ timeoutSeconds: fc.constantFrom(60, 90) }),
);

const up: fc.Arbitrary<Step> = fc.record({
  action: fc.constant("up" as const),
  run: fc.constantFrom("new" as const, "same" as const),
  change,
  disturbance: fc.option(disturbance("up"), { nil: undefined, freq: 3 }),
});

const destroy: fc.Arbitrary<Step> = fc.record({
  action: fc.constant("destroy" as const),
  disturbance: fc.option(disturbance("destroy"), { nil: undefined, freq: 3 }),
});

const deletion: fc.Arbitrary<Step> = fc.record({ action: fc.constant("delete pods" as const), pods });

const later: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: up },
  { weight: 3, arbitrary: destroy },
  { weight: 1, arbitrary: deletion },
);

function isDisturbed(step: Step): boolean {
  return step.action === "delete pods" || step.disturbance !== undefined;
}

/**
 * A sequence of at most so many steps. It starts with an `up`, because there is nothing to disturb before, and something
 * in it is disturbed: the other tests have the rest.
 */
function sequences(mostSteps: number): fc.Arbitrary<Step[]> {
  return fc
    .tuple(up, fc.array(later, { maxLength: mostSteps - 1, size: "max" }))
    .map(([first, others]) => [first, ...others])
    .filter((steps) => steps.some(isDisturbed));
}

/** The sequence of a seed: always the same one. @param seed a whole number of 32 bits. */
export function sequenceOf(seed: number, mostSteps: number): readonly Step[] {
  const [sequence = []] = fc.sample(fc.noBias(sequences(mostSteps)), { seed, numRuns: 1 });
  return sequence;
}
