import * as v1 from "@pulumi/kubernetes/admissionregistration/v1";
import * as pulumi from "@pulumi/pulumi";
import { GUARD_MANAGER, guardManifests } from "../policy/admission/guard";

/**
 * One field manager for the guard, whichever stack applies it. An update that was killed can leave a guard that its state
 * does not list: the next one would have another manager, and server-side apply would report a conflict, because the API
 * server fills in defaults of `matchConstraints`.
 */
const annotations = { "pulumi.com/patchFieldManager": GUARD_MANAGER };

function managed<T extends { readonly metadata: object }>(manifest: T) {
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

/** The rules of the policy pack as admission policies of the cluster, which apply to every client. */
export class Guard extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("fuse-test:index:Guard", name, {}, opts);
    for (const guard of guardManifests()) {
      const policy = new v1.ValidatingAdmissionPolicy(guard.name, managed(guard.policy), { parent: this });
      new v1.ValidatingAdmissionPolicyBinding(guard.name, managed(guard.binding), {
        parent: this,
        dependsOn: [policy],
      });
    }
    this.registerOutputs({});
  }
}
