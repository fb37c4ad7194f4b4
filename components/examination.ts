import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { examinationConsumerManifest, examinationProducerManifest } from "../manifests/examination";
import type { TestResourceOptions } from "./test-resource";

export interface ExaminationArgs {
  readonly manifest:
    ReturnType<typeof examinationProducerManifest> | ReturnType<typeof examinationConsumerManifest>;
}

/** A pod of the suites beyond the quick test. */
export class Examination extends pulumi.ComponentResource {
  /** Uid of the pod as declared here; the examination itself recreates the producer's pod. */
  readonly uid: pulumi.Output<string>;

  constructor(name: string, args: ExaminationArgs, opts: TestResourceOptions) {
    super("fuse-test:index:Examination", name, {}, opts);
    const pod = new k8s.core.v1.Pod(name, args.manifest, {
      parent: this,
      deletedWith: opts.deletedWith,
      deleteBeforeReplace: true,
      replaceOnChanges: ["spec", "metadata.labels", "metadata.annotations"],
    });
    this.uid = pod.metadata.uid;
    this.registerOutputs({ uid: this.uid });
  }
}
