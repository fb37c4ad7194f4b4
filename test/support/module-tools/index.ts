import type { Log } from "../../../tools/setup/build";
import { ARGOCD_HEALTH } from "./argocd";
import { KUSTOMIZE_CONTROLLER } from "./kustomize-controller";
import { ensureTools } from "./tool";

/**
 * Builds the programs that end-to-end tests alone use, if the tool cache does not have them: no test then waits for a
 * compiler, and a failed build is reported before the first test.
 * @throws Error that quotes what the compiler or the module proxy printed.
 */
export function ensureTestTools(log: Log): Promise<void> {
  return ensureTools([KUSTOMIZE_CONTROLLER, ARGOCD_HEALTH], log);
}
