import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRequest } from "../protocol/cleanup-request";

export interface CleanupArgs {
  /**
   * The cleanup's request. The state keeps it, so that a destroy cleans up what was deployed, even if the
   * configuration has changed since.
   */
  readonly request: pulumi.Input<CleanRequest>;
}

/**
 * Removes everything that the test creates: a destroy runs this command, and deletes nothing else
 * (`deletedWith`). The command is created before everything else, so that it exists even if the update fails.
 * Its output is its request: the plugin passes it to the next update in PULUMI_COMMAND_STDOUT, which first
 * cleans the previous place.
 */
export class Cleanup extends pulumi.ComponentResource {
  /** The resource that all other resources of the test are deleted with. */
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
