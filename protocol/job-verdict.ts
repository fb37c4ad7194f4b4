import { z } from "zod";

/** Longest message of a kubelet, in bytes: it keeps this much of a container's termination message. */
const LONGEST_MESSAGE = 4096;

/** Schema of the termination message of a consumer that judges the run itself. */
export const jobVerdictSchema = z.object({
  run: z.string(),
  verdict: z.enum(["SUCCESS", "FAILURE", "ERROR"]),
  /** Empty on SUCCESS, else a code of the catalogue. */
  cause: z.string().regex(/^[a-z-]*$/),
  summary: z.string(),
  checks: z.array(
    z.object({
      name: z.string(),
      passed: z.union([z.boolean(), z.enum(["not-applicable", "not-checked"])]),
      observed: z.string().optional(),
    }),
  ),
});

/** A verdict that the pods reached themselves. */
export type JobVerdict = z.infer<typeof jobVerdictSchema>;

/**
 * Parses a container's termination message; undefined for everything that is not a verdict on that run. Never
 * throws.
 */
export function parseJobVerdict(message: string, run: string): JobVerdict | undefined {
  if (message.length > LONGEST_MESSAGE) return undefined;
  try {
    const { data } = jobVerdictSchema.safeParse(JSON.parse(message));
    return data?.run === run ? data : undefined;
  } catch {
    return undefined;
  }
}
