import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { CleanRequest } from "../lifecycle/request";
import { cleaningCommand } from "./cleaning-command";

export interface NamespaceReleaseArgs {
  readonly request: Omit<CleanRequest, "mode">;
}

/**
 * Begins the namespace's deletion once the pods have ended, for it takes five seconds in which nothing happens: the node
 * is cleaned in them. It is made after the pods, so that it goes at the same time as what removes them, and nothing
 * depends on it.
 */
export class NamespaceRelease extends pulumi.ComponentResource {
  constructor(name: string, args: NamespaceReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fuse-test:index:NamespaceRelease", name, {}, opts);
    new local.Command(name, cleaningCommand({ ...args.request, mode: "release" }), { parent: this });
    this.registerOutputs({});
  }
}
