import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRequest } from "../lifecycle/request";
import { cleaningCommand } from "./cleaning-command";

export interface NamespaceRemovalArgs {
  readonly request: Omit<CleanRequest, "mode">;
}

/**
 * Makes sure that no namespace of this stack is left. It is made first and goes last: an update that is killed while
 * the namespace is being made leaves one that the state knows nothing of.
 */
export class NamespaceRemoval extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceRemovalArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fuse-test:index:NamespaceRemoval", name, {}, opts);
    new local.Command(name, cleaningCommand({ ...args.request, mode: "namespace" }), { parent: this });
    this.registerOutputs({});
  }
}
