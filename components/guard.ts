import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { guardManifests } from "../manifests/guard";

/** The rules of the policy pack as admission policies of the cluster, where they bind everybody. */
export class Guard extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("fuse-test:index:Guard", name, {}, opts);
    const { v1 } = k8s.admissionregistration;
    for (const guard of guardManifests()) {
      const policy = new v1.ValidatingAdmissionPolicy(guard.name, guard.policy, { parent: this });
      new v1.ValidatingAdmissionPolicyBinding(guard.name, guard.binding, {
        parent: this,
        dependsOn: [policy],
      });
    }
    this.registerOutputs({});
  }
}
