import * as sdk from "@pulumi/policy";
import assert from "node:assert/strict";
import { POLICIES } from "../../../policy/policies";
import type { Scope } from "../../../policy/rule-policy";
import { CASES } from "../../policy/cases";
import type { Case } from "../../policy/cases/case";

type ResourceValidationArgs = sdk.ResourceValidationArgs;

/** The SDK exports it, and its types do not say so. */
const { unknownCheckingProxy } = sdk as unknown as { unknownCheckingProxy: (props: unknown) => unknown };

/** What the engine sends for an unknown text. Source: `@pulumi/policy/proxy`. */
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

/** Messages by the mandatory policies that a case violates. */
function violations(one: Case, scope: Scope): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const make of POLICIES) {
    const policy = make(scope);
    const validate = policy.validateResource;
    assert.equal(typeof validate, "function");
    if (typeof validate !== "function" || policy.enforcementLevel !== "mandatory") continue;
    void validate(argumentsOf(one), (message) => {
      found.set(policy.name, [...(found.get(policy.name) ?? []), message]);
    });
  }
  return found;
}

describe("Rules", () => {
  for (const one of CASES) {
    it(`in the project refuse ${one.title}`, () => {
      const found = violations(one, "project");
      assert.deepEqual(
        one.policies.filter((policy) => !found.has(policy)),
        [],
      );
      const place = found
        .get("known-resources")
        ?.find((message) => message.startsWith(`case is ${one.type} named`));
      assert.notEqual(place, undefined);
      if (one.policies.length === 0) assert.deepEqual([...found.keys()], ["known-resources"]);
    });

    it(`in an organization ${one.organization === "refused" ? "refuse" : "let pass"} ${one.title}`, () => {
      const found = violations(one, "organization");
      assert.equal(found.size > 0 ? "refused" : "allowed", one.organization);
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
