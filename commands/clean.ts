import { newCommand } from "../tools/command-line/command";
import { ending, INTERRUPTED, runCommand } from "../tools/command-line/run";
import type { Settings } from "../config/settings";
import { cleanUp } from "../cleanup/cleanup";
import { cleanRequest } from "../protocol/cleanup-request-of";
import { readStackFile } from "../config/stack-file";
import { resolveSettings } from "../tools/cluster/resolve-settings";
import { apiMessage } from "../kube/client";
import { settingsIn } from "./run-options";
import {
  DEFAULT_STACK,
  namedStack,
  parseStackName,
  requireConfigured,
  stackFile,
  stackOption,
} from "./stack-name";

/** Id of the run in the settings: cleaning belongs to no run. */
const RUN = "clean";

/**
 * An image with a shell and umount, for the pod that cleans the node, when the stack's file names none. One that the
 * node already has is preferred.
 */
const PUBLIC_IMAGE = "docker.io/rclone/rclone:1.71.2";

/** The configuration that cleaning needs: everything else in a stack's file may be missing or wrong. */
const NEEDED = [
  "cluster",
  "kubeconfig",
  "context",
  "node",
  "namespace",
  "hostPath",
  "keepNamespace",
  "image",
  "tolerations",
];

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function settingsOf(stack: string): Settings {
  const file = stackFile(stack);
  const values = Object.fromEntries(
    Object.entries(readStackFile(file)).filter(([key]) => NEEDED.includes(key)),
  );
  const image = values.cluster === "embedded" ? {} : { image: PUBLIC_IMAGE };
  return settingsIn(file, { ...image, ...values }, RUN);
}

async function cleanStack(stack: string): Promise<number> {
  requireConfigured(stack);
  const { settings, pods, kubeconfig } = resolveSettings(settingsOf(stack));
  const request = cleanRequest({
    pods,
    hostPath: settings.hostPath,
    access: { kubeconfig, context: settings.context },
    keepNamespace: settings.keepNamespace,
  });
  print(`cleaning ${settings.hostPath} on ${pods.node}, and the namespace ${pods.namespace}`);
  try {
    const reached = await cleanUp(request, { print, step: () => undefined, namespace: "remove" });
    if (!reached) return 1;
  } catch (error) {
    print(`clean: ${apiMessage(error, "clean").text}`);
    return 1;
  }
  print("clean");
  return 0;
}

const command = newCommand({
  name: "npm run clean --",
  summary:
    "Removes everything of the test that a stack's file names from the cluster and from the node, even if no state lists it. Needs no engine.",
  statuses: `0 clean, 1 something could not be cleaned, 2 for a mistake in the command line or in the stack's file, ${INTERRUPTED}`,
  examples: [
    "npm run clean                           # the embedded cluster",
    "npm run clean -- homelab                # what Pulumi.homelab.yaml names",
  ],
})
  .argument(
    "[stack]",
    `the stack, by its file Pulumi.STACK.yaml (default: "${DEFAULT_STACK}")`,
    parseStackName,
  )
  .addOption(stackOption("the stack, as an option"))
  .action(
    ending((word: string | undefined, { stack: named }: { stack?: string }) =>
      cleanStack(namedStack(word, named) ?? DEFAULT_STACK),
    ),
  );

void runCommand(command, {
  failureStatus: 1,
  afterInterrupt: "Something may be left. Run it again: npm run clean",
});
