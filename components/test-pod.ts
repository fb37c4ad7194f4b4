import type * as k8s from "@pulumi/kubernetes";
import { Pod } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { TestResourceOptions } from "./test-resource";

type PodArgs = k8s.types.input.core.v1.Pod;
type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Arguments of a {@link TestPod}. */
export interface TestPodArgs {
  /** The pod, as `manifests/` builds it. */
  readonly manifest: Omit<PodArgs, "spec"> & {
    readonly spec: PodSpec & { readonly terminationGracePeriodSeconds: number };
  };
  /** The preflight's result, which is not known in a preview of another run. */
  readonly preflight: pulumi.Output<unknown>;
}

/**
 * Returns a pod whose grace period is unknown as long as the preflight's result is. In a preview the provider tries an
 * object without unknown values on the API server, which takes the pod of another run for a change of the present one and
 * refuses it: "pod updates may not change fields". Source: github.com/pulumi/pulumi-kubernetes/issues/3984.
 */
function untriedInPreview({ manifest, preflight }: TestPodArgs): PodArgs {
  const { spec } = manifest;
  const seconds = preflight.apply(() => spec.terminationGracePeriodSeconds);
  return { ...manifest, spec: { ...spec, terminationGracePeriodSeconds: seconds } };
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
    const pod = new Pod(name, untriedInPreview(args), {
      parent: this,
      deletedWith: opts.deletedWith,
      deleteBeforeReplace: true,
      replaceOnChanges: ["spec", "metadata.labels", "metadata.annotations"],
    });
    this.uid = pod.metadata.uid;
    this.registerOutputs({ uid: this.uid });
  }
}
