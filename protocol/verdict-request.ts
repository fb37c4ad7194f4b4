import { z } from "zod";
import { type ExamineRequest, examineRequest } from "./examine-request";
import { cleanRequest } from "./cleanup-request";
import { requestBase } from "./request-base";

const preflightRequest = z.object({
  ...requestBase,
  mode: z.literal("preflight"),
  /** Manifests of the pods that the run will make, for a dry run. */
  pods: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })),
});

const judgeRequest = z.object({
  ...requestBase,
  mode: z.literal("judge"),
  /** When the run started, RFC 3339: the zero of its timings. */
  start: z.iso.datetime(),
  /** How the node is cleaned, beside the verdict, of what earlier runs left there. */
  cleaning: cleanRequest,
  /** Ids of the runs whose pods the preflight has removed. */
  ended: z.array(z.string()),
});

/** What all requests say. */
export type RequestBase = Omit<PreflightRequest, "mode" | "pods">;
/** Asks what would stop a test, before any pod is made. */
export type PreflightRequest = z.infer<typeof preflightRequest>;
/** Asks for the verdict on a test whose pods exist. */
export type JudgeRequest = z.infer<typeof judgeRequest>;

/**
 * Reads a request.
 * @throws z.ZodError or SyntaxError: requests come from this project's own components.
 */
export function parseRequest(text: string): PreflightRequest | JudgeRequest | ExamineRequest {
  return z
    .discriminatedUnion("mode", [preflightRequest, judgeRequest, examineRequest])
    .parse(JSON.parse(text));
}
