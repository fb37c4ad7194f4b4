import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { PreflightRequest } from "../protocol/verdict-request";
import { parsePreflightResult, type PreflightResult } from "../protocol/verdict";
import { verdictCommand } from "./verdict-command";
import type { TestResourceOptions } from "./test-resource";

export interface PreflightArgs {
  readonly request: PreflightRequest;
}

/** Searches for anything that would stop the test, before any pod is created. */
export class Preflight extends pulumi.ComponentResource {
  readonly result: pulumi.Output<PreflightResult>;

  constructor(name: string, args: PreflightArgs, opts: TestResourceOptions) {
    super("fuse-test:index:Preflight", name, {}, opts);
    const command = new local.Command(
      name,
      { ...verdictCommand(args.request), triggers: [args.request.run] },
      { parent: this, deletedWith: opts.deletedWith },
    );
    this.result = command.stdout.apply(parsePreflightResult);
    this.registerOutputs({ result: this.result });
  }
}
