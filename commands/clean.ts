import { join } from "node:path";
import { readSettings } from "../config";
import { cleanUp } from "../lifecycle/cleanup";
import { cleanRequest } from "../lifecycle/request-of";
import { readStackFile } from "../lifecycle/stack-file";
import { resolveSettings } from "../resolved-settings";
import { apiMessage } from "../verdict/observer/client";
import { main } from "./main";

/** Runs are named by a stack; what is cleaned here has none any more. */
const RUN = "clean";

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

main(async () => {
  const stack = process.argv[2] ?? "local";
  const values = readStackFile(join(__dirname, "..", `Pulumi.${stack}.yaml`));
  const { settings, pods, kubeconfig } = resolveSettings(readSettings(values, RUN));
  const request = cleanRequest({
    pods,
    hostPath: settings.hostPath,
    access: { kubeconfig, context: settings.context },
    keepNamespace: settings.keepNamespace,
  });
  tell(`cleaning ${settings.hostPath} on ${pods.node}, and the namespace ${pods.namespace}`);
  try {
    const reached = await cleanUp(request, { tell, step: () => undefined, namespace: "remove" });
    if (!reached) return 1;
  } catch (error) {
    tell(`clean: ${apiMessage(error, "clean").text}`);
    return 1;
  }
  tell("clean");
  return 0;
});
