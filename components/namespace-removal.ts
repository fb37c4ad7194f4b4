import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRequest } from "../lifecycle/request";
import { cleaningCommand } from "./cleaning-command";

export interface NamespaceRemovalArgs {
  readonly request: Omit<CleanRequest, "mode">;
}

/**
 * Makes sure that no namespace of this stack is left. It is made first and goes with the namespace: an update that is
 * killed while the namespace is being made leaves one that the state knows nothing of.
 */
export class NamespaceRemoval extends pulumi.ComponentResource {
  /** Known once the state has it. */
  readonly made: pulumi.Output<pulumi.URN>;

  constructor(name: string, args: NamespaceRemovalArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fuse-test:index:NamespaceRemoval", name, {}, opts);
    const request = { ...args.request, mode: "namespace" } as const;
    this.made = new local.Command(name, cleaningCommand(request), { parent: this }).urn;
    this.registerOutputs({ made: this.made });
  }
}
