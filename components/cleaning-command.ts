import type { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRequest } from "../lifecycle/request";

/**
 * A command that does nothing until it is deleted. Its request goes by standard input, as the state keeps it:
 * what is cleaned is what was deployed, whatever the configuration says by then.
 */
export function cleaningCommand(request: CleanRequest): local.CommandArgs {
  return {
    delete: "node toolchain/load.cjs lifecycle/main.ts --request -",
    stdin: pulumi.jsonStringify(request),
    logging: "stderr",
  };
}
