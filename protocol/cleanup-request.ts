import { z } from "zod";

const amounts = z.object({ cpu: z.string(), memory: z.string() });

/** Schema of a cleanup request. */
export const cleanRequest = z.object({
  /** Path of a kubeconfig; absent means the default locations. */
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  /** URL of the API server that they mean; absent if it is not known. Another one holds another test. */
  server: z.string().optional(),
  /** The stack whose test it must be; absent for any. */
  owner: z.string().optional(),
  /** True if an administrator keeps the namespace. */
  keepNamespace: z.boolean(),
  namespace: z.string(),
  node: z.string(),
  /** The bridge directory on the node. */
  hostPath: z.string(),
  image: z.string(),
  imagePullPolicy: z.enum(["Never", "IfNotPresent"]),
  tolerations: z.array(z.looseObject({ key: z.string() })),
  /** Requests and limits of the janitor. */
  resources: z.object({ requests: amounts, limits: amounts }),
});

/** A cleanup request. It is the same for every run in one place. */
export type CleanRequest = z.infer<typeof cleanRequest>;

/** Returns true if two requests are for the same place on a cluster. */
export function isSamePlace(one: CleanRequest, other: CleanRequest): boolean {
  return (["namespace", "node", "hostPath"] as const).every((key) => one[key] === other[key]);
}

/**
 * Parses a request.
 * @throws z.ZodError or SyntaxError: requests come from this project's own components.
 */
export function parseCleanRequest(text: string): CleanRequest {
  return cleanRequest.parse(JSON.parse(text));
}
