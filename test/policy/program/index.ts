import * as pulumi from "@pulumi/pulumi";
import { CASES } from "../cases";
import type { Case } from "../cases/case";

/** A resource of any type, without a plugin: the policies receive it like any other. */
class Declared extends pulumi.Resource {
  constructor(type: string, name: string, props: pulumi.Inputs, options: pulumi.ResourceOptions) {
    super(type, name, false, props, options);
  }
}

function input(value: unknown): pulumi.Input<unknown> {
  if (Array.isArray(value)) return value.map(input);
  if (typeof value !== "object" || value === null) return value;
  if ("$test" in value) {
    if (value.$test === "unknown") return pulumi.unknown;
    return pulumi.secret("value" in value ? value.value : "");
  }
  return Object.fromEntries(Object.entries(value).map(([key, content]) => [key, input(content)]));
}

function declare({ type, props, options }: Case, index: number): void {
  new Declared(type, `case-${index}`, input(props) as pulumi.Inputs, {
    ignoreChanges: [...(options?.ignoreChanges ?? [])],
  });
}

CASES.forEach(declare);
