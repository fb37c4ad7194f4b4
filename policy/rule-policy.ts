import type { ReportViolation, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import type { Violation } from "./rules/check";
import { clusterOf, judgeInOrganization, judgeInProject, type Resource } from "./rules/evaluate";
import type { Access } from "./rules/requests";
import type { Topic } from "./rules/schema";
import { snapshot } from "./rules/snapshot";

/** `project`: a closed world, for stacks of this program. `organization`: for any other stack. */
export type Scope = "project" | "organization";

/** How each resource of the stack that a pack sees reaches a cluster, by URN: a pack is started anew for every update. */
const clusters = new Map<string, Access>();

/** A resource with what is known of the others of its stack. */
function amongOthers(resource: Resource): Resource {
  const cluster = clusterOf(resource);
  const others = [...clusters].filter(([urn]) => urn !== resource.urn).map(([, access]) => access);
  if (cluster !== undefined) clusters.set(resource.urn, cluster);
  return { ...resource, others };
}

const judges = { project: judgeInProject, organization: judgeInOrganization } as const;

/** The resource that a policy is asked about, as plain data. */
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
 * Judges a resource by all topics. Every policy of a pack is asked about a resource before the next resource is, and each
 * answers for a part: what was found last is kept for the others.
 */
function judged(scope: Scope, args: ResourceValidationArgs): readonly Violation[] {
  const resource = resourceOf(args);
  const plain = (_key: string, value: unknown): unknown =>
    typeof value === "symbol" ? `symbol ${value.toString()}` : value;
  const key = JSON.stringify([scope, resource], plain);
  if (last?.key !== key) last = { key, violations: judges[scope](amongOthers(resource)) };
  return last.violations;
}

/** A violation as people read it: the resource, what was found, what must be, and the way to mend it. */
export function messageOf(name: string, { path, found, required }: Violation, mend: string): string {
  const where = path === "" ? name : `${name}: ${path}`;
  return `${where} is ${found}; required: ${required}. ${mend}`;
}

/** Runs a validator so that it cannot pass by failing: whatever it throws is a violation. */
export function failingClosed(
  name: string,
  report: ReportViolation,
  validate: () => readonly string[],
): void {
  try {
    for (const message of validate()) report(message);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report(
      `${name} cannot be judged (${reason}). Mend the resource, or the policy if the resource is right.`,
    );
  }
}

/** A mandatory policy that answers for some of the rules' topics. */
export function rulePolicy(
  scope: Scope,
  options: {
    readonly name: string;
    readonly description: string;
    readonly topics: readonly Topic[];
    /** What to do about a violation. */
    readonly mend: string;
  },
): ResourceValidationPolicy {
  const { name, description, topics, mend } = options;
  return {
    name,
    description,
    enforcementLevel: "mandatory",
    validateResource: (args, report) => {
      failingClosed(args.name, report, () =>
        judged(scope, args)
          .filter(({ topic }) => topics.includes(topic))
          .map((violation) => messageOf(args.name, violation, mend)),
      );
    },
  };
}
