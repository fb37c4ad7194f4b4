import { Namespace, ResourceQuota } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { namespaceManifest, networkPolicyManifest, quotaManifest } from "../manifests/namespace";
import type { TestResourceOptions } from "./test-resource";

export interface TestNamespaceArgs {
  /** Name of the namespace that the test creates and removes. */
  readonly namespace: string;
  /** The stack that it belongs to, as a label's value. */
  readonly owner: string;
  /** Resolves when the namespace is known to be free or this stack's own. It is not created before. */
  readonly claim: Promise<void>;
}

/** Delete timeout in seconds. If it takes longer, something that the test did not create is blocking it. */
const DELETION_SECONDS = 60;

/** The test's namespace with its quota and a network policy that denies everything. */
export class TestNamespace extends pulumi.ComponentResource {
  /** Name of the namespace, known once it exists. */
  readonly namespaceName: pulumi.Output<string>;

  constructor(name: string, args: TestNamespaceArgs, opts: TestResourceOptions) {
    super("fuse-test:index:TestNamespace", name, {}, opts);
    const claimed = args.claim.then(() => args.namespace);
    const namespace = new Namespace(name, namespaceManifest(claimed, args.owner), {
      parent: this,
      deletedWith: opts.deletedWith,
      customTimeouts: { delete: `${DELETION_SECONDS}s` },
    });
    const inNamespace = { parent: this, deletedWith: opts.deletedWith, dependsOn: [namespace] };
    new ResourceQuota(`${name}-quota`, quotaManifest(args.namespace), inNamespace);
    new NetworkPolicy(`${name}-deny-all`, networkPolicyManifest(args.namespace), inNamespace);
    this.namespaceName = namespace.metadata.name;
    this.registerOutputs({ namespaceName: this.namespaceName });
  }
}
