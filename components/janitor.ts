import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRequest } from "../lifecycle/request";
import { cleaningCommand } from "./cleaning-command";

export interface JanitorArgs {
  readonly request: Omit<CleanRequest, "mode">;
}

/**
 * Takes away what is left on the node once the pods are gone. It is made before the pods, so that it is there
 * however their making ends, and so that it is deleted after them.
 */
export class Janitor extends pulumi.ComponentResource {
  constructor(name: string, args: JanitorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fuse-test:index:Janitor", name, {}, opts);
    const { namespace, node, hostPath } = args.request;
    new local.Command(
      name,
      {
        ...cleaningCommand({ ...args.request, mode: "node" }),
        // Another place is another thing to clean: the old one is cleaned as it was.
        triggers: [namespace, node, hostPath],
      },
      // The old place is clean before another is used, and there never are two janitors: an update that is killed
      // between them would leave both to a destroy, which would run them at once.
      { parent: this, deleteBeforeReplace: true },
    );
    this.registerOutputs({});
  }
}
