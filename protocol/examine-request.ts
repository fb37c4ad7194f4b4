import { z } from "zod";
import type { MatrixContainer } from "../config/visibility-matrix";
import { requestBase } from "./request-base";
import { verdictSchema } from "./verdict";

const pod = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string() })) }),
});

const cell: z.ZodType<MatrixContainer> = z.object({
  name: z.string(),
  propagation: z.enum(["None", "HostToContainer", "Bidirectional"]),
  privileged: z.boolean(),
  uid: z.number(),
});

/** Request for the examination of a test that has a verdict and whose further pods exist. */
export const examineRequest = z.object({
  ...requestBase,
  mode: z.literal("examine"),
  /** When the run started, RFC 3339: the zero of its timings. */
  start: z.iso.datetime(),
  suite: z.enum(["standard", "full"]),
  /** The quick test's verdict, to which the examination adds. */
  verdict: verdictSchema,
  producer: pod,
  consumer: pod,
  /** Pods that the API server must refuse. */
  refused: z.array(z.object({ cell, pod })),
});

/** Request for the examination of a test that has a verdict and whose further pods exist. */
export type ExamineRequest = z.infer<typeof examineRequest>;
