import { z } from "zod";

/** What every request says. */
export const requestBase = {
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
