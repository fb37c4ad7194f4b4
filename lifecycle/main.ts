import { text } from "node:stream/consumers";
import { apiMessage } from "../verdict/observer/client";
import { clean } from "./clean";
import { parseCleanRequest } from "./request";

async function main(): Promise<void> {
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
