import type { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ExamineRequest } from "../protocol/examine-request";
import type { JudgeRequest, PreflightRequest } from "../protocol/verdict-request";

/**
 * Returns the command that observes and judges. Its request goes by standard input, so that nothing in it
 * needs quoting or shows in the process list; its progress goes to standard error.
 */
export function verdictCommand(
  request: pulumi.Input<PreflightRequest> | pulumi.Input<JudgeRequest> | pulumi.Input<ExamineRequest>,
): local.CommandArgs {
  return {
    create: "node tools/load.cjs commands/verdict.ts --request -",
    stdin: pulumi.jsonStringify(request),
    logging: "stderr",
  };
}
