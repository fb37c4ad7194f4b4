import { text } from "node:stream/consumers";
import { whenParentEnds } from "../toolchain/parent";
import { apiMessage } from "../verdict/observer/client";
import { clean } from "./clean";
import { parseCleanRequest } from "./request";

/** How often to look whether whoever started this still lives, in milliseconds. */
const PARENT_MILLISECONDS = 500;

async function main(): Promise<void> {
  // A cleaning that lives on would meet the next run.
  whenParentEnds(PARENT_MILLISECONDS, () => process.exit(1));
  const request = parseCleanRequest(await text(process.stdin));
  await clean(request, (line) => process.stderr.write(`${line}\n`));
}

main().then(
  // Connections that are kept open must not keep the process alive.
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`clean: ${apiMessage(error, "clean").text}\n`);
    process.exit(1);
  },
);
