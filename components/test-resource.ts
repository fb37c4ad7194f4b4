import type * as pulumi from "@pulumi/pulumi";

/** Options of a component of the test, with the resource that its children are deleted with. */
export interface TestResourceOptions extends pulumi.ComponentResourceOptions {
  readonly parent: pulumi.Resource;
  readonly deletedWith: pulumi.Resource;
}
