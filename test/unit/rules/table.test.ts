import * as sdk from "@pulumi/policy";
import assert from "node:assert/strict";
import { resourceOf } from "../../../policy/rule-policy";
import { judgeInOrganization, judgeInProject } from "../../../policy/rules/evaluate";
import type { Topic } from "../../../policy/rules/schema";
import { CASES } from "../../policy/cases";
import type { Case } from "../../policy/cases/case";

type ResourceValidationArgs = sdk.ResourceValidationArgs;

/** The SDK exports it, and its types lack it. */
const { unknownCheckingProxy } = sdk as unknown as { unknownCheckingProxy: (props: unknown) => unknown };

/** The engine's value for an unknown text. Source: `@pulumi/policy/proxy`. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function sent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sent);
  if (typeof value !== "object" || value === null) return value;
  if ("$test" in value) return value.$test === "unknown" ? UNKNOWN_TEXT : "[secret]";
  const fields = Object.entries(value).filter(([, content]) => content !== undefined);
  return Object.fromEntries(fields.map(([key, content]) => [key, sent(content)]));
}

function argumentsOf({ type, props, options }: Case): ResourceValidationArgs {
  return {
    type,
    name: "case",
    urn: `urn:pulumi:test::fuse-test::${type}::case`,
    props: unknownCheckingProxy(sent(props)),
    opts: { ignoreChanges: [...(options?.ignoreChanges ?? [])] },
    provider: { type: "pulumi:providers:kubernetes", name: "cluster" },
  } as unknown as ResourceValidationArgs;
}

/** The policy of the pack that reports a topic. */
const policyOf: Readonly<Record<Topic, string>> = {
  node: "allowed-node",
  namespace: "allowed-namespace",
  resource: "known-resources",
  privilege: "least-privilege",
  "host-path": "bridge-only",
  bounds: "bounded-pods",
  image: "pinned-images",
  command: "known-commands",
  "fuse-elsewhere": "no-fuse-elsewhere",
};

/** Returns the policies that a case violates, each once. */
function violated(one: Case, judge: typeof judgeInProject): string[] {
  return [...new Set(judge(resourceOf(argumentsOf(one))).map(({ topic }) => policyOf[topic]))];
}

describe("Rules", () => {
  for (const one of CASES) {
    it(`in the project refuse ${one.title}`, () => {
      const found = violated(one, judgeInProject);
      assert.deepEqual(
        one.policies.filter((policy) => !found.includes(policy)),
        [],
      );
      // Every case is in a place of its own, which the closed world does not have.
      assert.equal(found[0], "known-resources");
      if (one.policies.length === 0) assert.deepEqual(found, ["known-resources"]);
    });

    it(`in an organization ${one.organization === "refused" ? "refuse" : "let pass"} ${one.title}`, () => {
      const found = violated(one, judgeInOrganization);
      assert.equal(found.length > 0 ? "refused" : "allowed", one.organization);
    });
  }

  it("hold for at least 150 cases that are refused and 60 that pass", () => {
    const refused = CASES.filter(({ organization }) => organization === "refused");
    assert.ok(refused.length >= 150, String(refused.length));
    assert.ok(CASES.length - refused.length >= 60, String(CASES.length - refused.length));
    assert.equal(new Set(CASES.map(({ title }) => title)).size, CASES.length);
  });

  it("give a reason wherever the enforcement points differ", () => {
    const differing = CASES.filter(({ organization, admission }) => organization !== admission);
    assert.deepEqual(
      differing.filter(({ reason }) => reason === undefined).map(({ title }) => title),
      [],
    );
  });
});
