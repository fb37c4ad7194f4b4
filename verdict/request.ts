import { z } from "zod";

const base = {
  /** Path of a kubeconfig; absent means the usual places. */
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  namespace: z.string(),
  node: z.string(),
  run: z.string(),
  driver: z.string(),
  image: z.string(),
  hostPath: z.string(),
  /** Limit of the whole run. */
  timeoutSeconds: z.number().positive(),
  /** Folder below which each run has a folder with its report. */
  reports: z.string(),
};

const preflightRequest = z.object({
  ...base,
  mode: z.literal("preflight"),
  /** Manifests of the pods that the run will make, for a dry run. */
  pods: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })),
});

const judgeRequest = z.object({
  ...base,
  mode: z.literal("judge"),
  /** When the run started, RFC 3339: the zero of its timings. */
  start: z.iso.datetime(),
});

/** What both requests say. */
export type RequestBase = Omit<PreflightRequest, "mode" | "pods">;
/** Asks what would stop a test, before any pod is made. */
export type PreflightRequest = z.infer<typeof preflightRequest>;
/** Asks for the verdict on a test whose pods exist. */
export type JudgeRequest = z.infer<typeof judgeRequest>;

/**
 * Reads a request.
 * @throws z.ZodError or SyntaxError: requests come from this project's own components.
 */
export function parseRequest(text: string): PreflightRequest | JudgeRequest {
  return z.discriminatedUnion("mode", [preflightRequest, judgeRequest]).parse(JSON.parse(text));
}
