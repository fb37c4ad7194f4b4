import { z } from "zod";

/** Longer messages do not come from a kubelet: it keeps 4096 bytes of what a container leaves. */
const LONGEST_MESSAGE = 4096;

/** The schema of what the consumer leaves as its termination message when it judges the run itself. */
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

/** The verdict that the pods have agreed on. */
export type JobVerdict = z.infer<typeof jobVerdictSchema>;

/** Parses a container's termination message; undefined for everything that is no verdict on that run. Never throws. */
export function parseJobVerdict(message: string, run: string): JobVerdict | undefined {
  if (message.length > LONGEST_MESSAGE) return undefined;
  try {
    const { data } = jobVerdictSchema.safeParse(JSON.parse(message));
    return data?.run === run ? data : undefined;
  } catch {
    return undefined;
  }
}
