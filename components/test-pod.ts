import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TestResourceOptions } from "./test-resource";

/** Arguments of a {@link TestPod}. */
export interface TestPodArgs {
  /** The pod, as `manifests/` builds it. */
  readonly manifest: k8s.types.input.core.v1.Pod;
}

/** A pod of the test: the producer, a consumer, or one of the examination. */
export class TestPod extends pulumi.ComponentResource {
  /** The pod's uid, which changes whenever the pod is replaced. */
  readonly uid: pulumi.Output<string>;

  /** @param type name of the component's type, which is part of its URN. */
  constructor(
    type: "Producer" | "Consumer" | "Examination",
    name: string,
    args: TestPodArgs,
    opts: TestResourceOptions,
  ) {
    super(`fuse-test:index:${type}`, name, {}, opts);
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
