import type { Log } from "../../../tools/setup/build";
import { ensureArgocdHealth } from "./argocd";
import { ensureKustomizeController } from "./kustomize-controller";

/**
 * Builds the programs that end-to-end tests alone use, if the tool cache does not have them yet: so that no test waits for
 * a compiler, and what cannot be built is said before the first test.
 * @throws Error that quotes what the compiler or the module proxy said.
 */
export async function ensureTestTools(log: Log): Promise<void> {
  await ensureKustomizeController(log);
  await ensureArgocdHealth(log);
}
