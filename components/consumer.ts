import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PodSettings } from "../manifests/common";
import { consumerManifest, type ConsumerOptions } from "../manifests/consumer";
import type { TestResourceOptions } from "./test-resource";

export interface ConsumerArgs extends ConsumerOptions {
  readonly settings: PodSettings;
}

/** An unprivileged pod that reads the mount: the consumer, or the negative control. */
export class Consumer extends pulumi.ComponentResource {
  /** The pod's uid, which changes whenever the pod is replaced. */
  readonly uid: pulumi.Output<string>;

  constructor(name: string, args: ConsumerArgs, opts: TestResourceOptions) {
    super("fuse-test:index:Consumer", name, {}, opts);
    const pod = new k8s.core.v1.Pod(name, consumerManifest(args.settings, args), {
      parent: this,
      deletedWith: opts.deletedWith,
      deleteBeforeReplace: true,
      replaceOnChanges: ["spec", "metadata.labels", "metadata.annotations"],
    });
    this.uid = pod.metadata.uid;
    this.registerOutputs({ uid: this.uid });
  }
}
