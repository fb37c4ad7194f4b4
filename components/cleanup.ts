import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRequest } from "../protocol/cleanup-request";

export interface CleanupArgs {
  /** What to clean. The state keeps it, so that what was deployed is cleaned, whatever the configuration says later. */
  readonly request: pulumi.Input<CleanRequest>;
}

/**
 * Removes everything that the test creates: a destroy runs this command, and deletes nothing else (`deletedWith`). The
 * command is created before everything else, so that it exists however an update ends. Its own output is its request:
 * the plugin gives that to the next update in PULUMI_COMMAND_STDOUT, which first cleans the place that is left.
 */
export class Cleanup extends pulumi.ComponentResource {
  /** With this resource, everything else of the test is deleted. */
  readonly command: pulumi.Resource;

  constructor(name: string, args: CleanupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fuse-test:index:Cleanup", name, {}, opts);
    this.command = new local.Command(
      name,
      {
        create: "cat",
        update: "node tools/load.cjs commands/cleanup.ts --update -",
        delete: "node tools/load.cjs commands/cleanup.ts --request -",
        stdin: pulumi.jsonStringify(args.request),
        logging: "stderr",
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
