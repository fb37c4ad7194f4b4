import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PodSettings } from "../manifests/common";
import { producerManifest } from "../manifests/producer";
import type { TestResourceOptions } from "./test-resource";

export interface ProducerArgs {
  readonly settings: PodSettings;
}

/** The privileged pod that mounts FUSE below the bridge. */
export class Producer extends pulumi.ComponentResource {
  /** The pod's uid, which changes whenever the pod is replaced. */
  readonly uid: pulumi.Output<string>;

  constructor(name: string, args: ProducerArgs, opts: TestResourceOptions) {
    super("fuse-test:index:Producer", name, {}, opts);
    const pod = new k8s.core.v1.Pod(name, producerManifest(args.settings), {
      parent: this,
      deletedWith: opts.deletedWith,
      deleteBeforeReplace: true,
      replaceOnChanges: ["spec", "metadata.labels", "metadata.annotations"],
    });
    this.uid = pod.metadata.uid;
    this.registerOutputs({ uid: this.uid });
  }
}
