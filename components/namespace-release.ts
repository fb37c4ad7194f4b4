import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRequest } from "../lifecycle/request";
import { cleaningCommand } from "./cleaning-command";

export interface NamespaceReleaseArgs {
  readonly request: Omit<CleanRequest, "mode">;
}

/**
 * Begins the namespace's deletion while the janitor works, for it takes five seconds in which nothing happens. It depends
 * on what the janitor depends on, and nothing depends on it: the engine deletes both at once, and what they depend on
 * after both have ended. Where another engine deletes it earlier it gives up within seconds, and the destroy takes longer.
 */
export class NamespaceRelease extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fuse-test:index:NamespaceRelease", name, {}, opts);
    new local.Command(name, cleaningCommand({ ...args.request, mode: "release" }), { parent: this });
    this.registerOutputs({});
  }
}
