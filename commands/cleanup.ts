import { text } from "node:stream/consumers";
import { whenEngineEnds } from "../tools/parent";
import { apiMessage } from "../kube/client";
import { formatProgressLine } from "../protocol/progress";
import { cleanUp, type Reporter } from "../cleanup/cleanup";
import { isSamePlace, parseCleanRequest } from "../protocol/cleanup-request";

/** Interval at which to check that the engine still runs, in milliseconds. */
const PARENT_MILLISECONDS = 100;

function print(line: string): void {
  process.stderr.write(`${line}\n`);
}

const reporter: Reporter = {
  print,
  step: (what) => {
    print(formatProgressLine({ kind: "step", of: "cleanup", what }));
  },
};

/**
 * Cleans the previous place if the new request is for another one, and prints the new request: the next update gets it
 * in PULUMI_COMMAND_STDOUT, the output of the previous command.
 */
async function update(request: string): Promise<void> {
  const next = parseCleanRequest(request);
  const last = parseCleanRequest(process.env.PULUMI_COMMAND_STDOUT ?? "");
  if (!isSamePlace(last, next)) {
    const namespace = last.namespace === next.namespace ? "leave" : "remove";
    await cleanUp(last, { ...reporter, namespace });
  }
  process.stdout.write(request);
}

async function main(mode: string | undefined): Promise<void> {
  // A cleanup that outlived its engine would meet the next run.
  whenEngineEnds(PARENT_MILLISECONDS, () => process.exit(1));
  const request = await text(process.stdin);
  if (mode === "--update") await update(request);
  else await cleanUp(parseCleanRequest(request), { ...reporter, namespace: "remove" });
}

main(process.argv[2]).then(
  // Connections that are kept open must not keep the process alive.
  () => process.exit(0),
  (error: unknown) => {
    print(`clean: ${apiMessage(error, "clean").text}`);
    process.exit(1);
  },
);
