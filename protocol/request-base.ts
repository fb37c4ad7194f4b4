import { z } from "zod";

/** Fields of every request. */
export const requestBase = {
  /** Path of a kubeconfig; absent means the default locations. */
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  namespace: z.string(),
  node: z.string(),
  run: z.string(),
  driver: z.string(),
  image: z.string(),
  hostPath: z.string(),
  /** Time limit of the whole run. */
  timeoutSeconds: z.number().positive(),
  /** Folder below which each run has a folder with its report. */
  reports: z.string(),
};
