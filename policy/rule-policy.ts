import type { ReportViolation, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import type { Violation } from "./rules/check";
import { clusterOf, judgeInOrganization, judgeInProject, type Resource } from "./rules/evaluate";
import type { Access } from "./rules/requests";
import type { Topic } from "./rules/schema";
import { snapshot } from "./rules/snapshot";

/** `project`: a closed world, for stacks of this program. `organization`: for any other stack. */
export type Scope = "project" | "organization";

/** Access to a cluster of each resource that the pack has seen, by URN: the engine starts a pack again for every update. */
const clusters = new Map<string, Access>();

/** Returns a resource with the access of the other resources of its stack. */
function amongOthers(resource: Resource): Resource {
  const cluster = clusterOf(resource);
  const others = [...clusters].filter(([urn]) => urn !== resource.urn).map(([, access]) => access);
  if (cluster !== undefined) clusters.set(resource.urn, cluster);
  return { ...resource, others };
}

const judges = { project: judgeInProject, organization: judgeInOrganization } as const;

/** Returns the resource that a policy has to judge, as plain data. */
export function resourceOf(args: ResourceValidationArgs): Resource {
  const { provider } = args;
  return {
    type: args.type,
    name: args.name,
    urn: args.urn,
    props: snapshot(args.props),
    ignoreChanges: [...args.opts.ignoreChanges],
    provider: provider === undefined ? undefined : { type: provider.type, name: provider.name },
  };
}

let last: { readonly key: string; readonly violations: readonly Violation[] } | undefined;

/**
 * Judges a resource by all topics. The engine calls every policy of a pack for a resource before the next resource, and
 * each policy reports some topics: the last result is kept for the other policies.
 */
function judged(scope: Scope, args: ResourceValidationArgs): readonly Violation[] {
  const resource = resourceOf(args);
  const plain = (_key: string, value: unknown): unknown =>
    typeof value === "symbol" ? `symbol ${value.toString()}` : value;
  const key = JSON.stringify([scope, resource], plain);
  if (last?.key !== key) last = { key, violations: judges[scope](amongOthers(resource)) };
  return last.violations;
}

/** Returns the message of a violation: the resource, the value found, the required value, and how to fix it. */
export function messageOf(name: string, { path, found, required }: Violation, fix: string): string {
  const where = path === "" ? name : `${name}: ${path}`;
  return `${where} is ${found}; required: ${required}. ${fix}`;
}

/** Runs a validator and reports an exception as a violation, so that a failing validator cannot pass a resource. */
export function failingClosed(
  name: string,
  report: ReportViolation,
  validate: () => readonly string[],
): void {
  try {
    for (const message of validate()) report(message);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report(`${name} cannot be judged (${reason}). Fix the resource, or the policy if the resource is right.`);
  }
}

/** Builds a mandatory policy that reports some of the rules' topics. */
export function rulePolicy(
  scope: Scope,
  options: {
    readonly name: string;
    readonly description: string;
    readonly topics: readonly Topic[];
    /** Instruction that ends the message of a violation. */
    readonly fix: string;
  },
): ResourceValidationPolicy {
  const { name, description, topics, fix } = options;
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    validateResource: (args, report) => {
      failingClosed(args.name, report, () =>
        judged(scope, args)
          .filter(({ topic }) => topics.includes(topic))
          .map((violation) => messageOf(args.name, violation, fix)),
      );
    },
  };
}
