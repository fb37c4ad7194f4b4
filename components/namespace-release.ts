import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRequest } from "../lifecycle/request";
import { cleaningCommand } from "./cleaning-command";

export interface NamespaceReleaseArgs {
  readonly request: Omit<CleanRequest, "mode">;
}

/**
 * Begins the namespace's deletion while the janitor works, for it takes five seconds in which nothing happens. Nothing
 * depends on it, so that a destroy starts it first; whoever takes it out of the program waits longer, and that is all.
 */
export class NamespaceRelease extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fuse-test:index:NamespaceRelease", name, {}, opts);
    new local.Command(name, cleaningCommand({ ...args.request, mode: "release" }), { parent: this });
    this.registerOutputs({});
  }
}
