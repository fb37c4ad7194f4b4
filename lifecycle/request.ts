import { z } from "zod";

const amounts = z.object({ cpu: z.string(), memory: z.string() });

/** What to clean, and where. */
export const cleanRequest = z.object({
  /**
   * `pods`: take the pods away. `node`: take away what is left on the node. `everything`: both, and the
   * namespace, for a test that no stack knows of any more. `namespace`: the namespace alone. `release`: begin its
   * deletion while a janitor works in it. `settle`: wait for the end of a deletion that was begun.
   */
  mode: z.enum(["pods", "node", "everything", "namespace", "release", "settle"]),
  /** Path of a kubeconfig; absent means the usual places. */
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  /** The stack that the namespace must belong to; absent for any that the test made. */
  owner: z.string().optional(),
  namespace: z.string(),
  node: z.string(),
  run: z.string(),
  /** The bridge directory on the node. */
  hostPath: z.string(),
  image: z.string(),
  imagePullPolicy: z.enum(["Never", "IfNotPresent"]),
  tolerations: z.array(z.looseObject({ key: z.string() })),
  /** What the janitor asks for and may use. */
  resources: z.object({ requests: amounts, limits: amounts }),
});

/** What to clean, and where. */
export type CleanRequest = z.infer<typeof cleanRequest>;

/**
 * Reads a request.
 * @throws z.ZodError or SyntaxError: requests come from this project's own components.
 */
export function parseCleanRequest(text: string): CleanRequest {
  return cleanRequest.parse(JSON.parse(text));
}
