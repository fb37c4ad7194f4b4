import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { programsManifest } from "../manifests/configmap";
import type { TestResourceOptions } from "./test-resource";

export interface ProgramsArgs {
  readonly namespace: string;
  /** The stack that they belong to, as a label's value. */
  readonly owner: string;
  /** Resolves when namespace and test are known to be free or this stack's own. Nothing is created before. */
  readonly claim: Promise<void>;
}

/** The pods' programs, as a ConfigMap. */
export class Programs extends pulumi.ComponentResource {
  /** Name of the ConfigMap, known once it exists. */
  readonly configMapName: pulumi.Output<string>;

  constructor(name: string, args: ProgramsArgs, opts: TestResourceOptions) {
    super("fuse-test:index:Programs", name, {}, opts);
    const claimed = args.claim.then(() => args.namespace);
    const configMap = new ConfigMap(name, programsManifest(claimed, args.owner), {
      parent: this,
      deletedWith: opts.deletedWith,
    });
    this.configMapName = configMap.metadata.name;
    this.registerOutputs({ configMapName: this.configMapName });
  }
}
