import type * as pulumi from "@pulumi/pulumi";

/** Options of a component of the test, with what each resource in it is deleted with. */
export interface TestResourceOptions extends pulumi.ComponentResourceOptions {
  readonly parent: pulumi.Resource;
  readonly deletedWith: pulumi.Resource;
}
