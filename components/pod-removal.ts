import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRequest } from "../lifecycle/request";
import { cleaningCommand } from "./cleaning-command";

export interface PodRemovalArgs {
  readonly request: Omit<CleanRequest, "mode">;
}

/**
 * Takes the pods away in their order when the test is destroyed, also from a node that does not answer, where
 * the provider would wait for ever. It is made after the pods, so that it goes before them.
 */
export class PodRemoval extends pulumi.ComponentResource {
  constructor(name: string, args: PodRemovalArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fuse-test:index:PodRemoval", name, {}, opts);
    new local.Command(name, cleaningCommand({ ...args.request, mode: "pods" }), { parent: this });
    this.registerOutputs({});
  }
}
