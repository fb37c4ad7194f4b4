import { z } from "zod";
import { type ExamineRequest, examineRequest } from "./examine-request";
import { cleanRequest } from "./cleanup-request";
import { requestBase } from "./request-base";

const preflightRequest = z.object({
  ...requestBase,
  mode: z.literal("preflight"),
  /** Manifests of the run's pods, for a dry run. */
  pods: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })),
  /** The stack whose test it is: pods of another one are not removed. */
  stack: z.string(),
  /** The owner that the namespace must have: the stack, or the administrator who keeps it. */
  owner: z.string(),
});

const judgeRequest = z.object({
  ...requestBase,
  mode: z.literal("judge"),
  /** When the run started, RFC 3339: the zero of its timings. */
  start: z.iso.datetime(),
  /** Request to clean the node of what earlier runs left, in parallel to the verdict. */
  cleaning: cleanRequest,
  /** Ids of the runs whose pods the preflight has removed. */
  ended: z.array(z.string()),
});

/** Fields of all requests. */
export type RequestBase = Omit<PreflightRequest, "mode" | "pods" | "stack" | "owner">;
/** Request for a search for anything that would stop the test, before any pod is created. */
export type PreflightRequest = z.infer<typeof preflightRequest>;
/** Request for the verdict on a test whose pods exist. */
export type JudgeRequest = z.infer<typeof judgeRequest>;

/**
 * Parses a request.
 * @throws z.ZodError or SyntaxError: requests come from this project's own components.
 */
export function parseRequest(text: string): PreflightRequest | JudgeRequest | ExamineRequest {
  return z
    .discriminatedUnion("mode", [preflightRequest, judgeRequest, examineRequest])
    .parse(JSON.parse(text));
}
