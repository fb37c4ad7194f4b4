import assert from "node:assert/strict";
import { join } from "node:path";
import { openPreviews, type Preview, type Previews } from "../../policy/preview";
import { CASES } from "./cases";

const root = join(__dirname, "..", "..");
const program = join(__dirname, "program");

/** Returns the names of the policies that refuse each case. */
function refusals({ findings }: Preview): Map<string, Set<string>> {
  const byCase = new Map<string, Set<string>>();
  for (const { urn, policy, level } of findings) {
    if (level !== "mandatory") continue;
    const name = urn.split("::").at(-1) ?? "";
    byCase.set(name, (byCase.get(name) ?? new Set()).add(policy));
  }
  return byCase;
}

describe("Policy pack under the real engine", function () {
  this.timeout(600_000);
  let previews: Previews;
  let project: Preview;
  let organization: Preview;

  before(async () => {
    previews = openPreviews();
    const common = { program, stack: "cases" };
    project = await previews.preview({ ...common, pack: join(root, "policy") });
    organization = await previews.preview({ ...common, pack: join(root, "policy", "organization") });
  });

  after(() => {
    previews.remove();
  });

  it("sees every case", () => {
    for (const { resources } of [project, organization]) {
      const names = new Set(resources.map((urn) => urn.split("::").at(-1)));
      assert.deepEqual(
        CASES.filter((_, index) => !names.has(`case-${index}`)),
        [],
      );
    }
    assert.equal(project.passed, false);
    assert.equal(organization.passed, false);
  });

  it("refuses what alone is a target, whatever else the program declares", async () => {
    const index = CASES.findIndex(({ policies }) => policies.includes("allowed-node"));
    const target = project.resources.find((urn) => urn.endsWith(`::case-${index}`));
    assert.ok(target);
    const pack = join(root, "policy");
    const options = { program, pack, stack: "cases", arguments: ["--target", target] };
    const targeted = await previews.preview(options);
    assert.equal(targeted.passed, false);
    assert.deepEqual(refusals(targeted).get(`case-${index}`), refusals(project).get(`case-${index}`));
  });

  CASES.forEach((one, index) => {
    it(`in the project refuses ${one.title}${one.policies.length > 0 ? ` by ${one.policies.join(" and ")}` : " for its place alone"}`, () => {
      const by = refusals(project).get(`case-${index}`) ?? new Set();
      assert.deepEqual(
        one.policies.filter((policy) => !by.has(policy)),
        [],
      );
      // Every case is in a place of its own, which the closed world does not have.
      assert.equal(by.has("known-resources"), true);
      if (one.policies.length === 0) assert.deepEqual([...by], placeAlone);
    });

    it(`in an organization ${one.organization === "refused" ? "refuses" : "lets pass"} ${one.title}`, () => {
      const by = refusals(organization).get(`case-${index}`) ?? new Set();
      assert.equal(by.size > 0 ? "refused" : "allowed", one.organization);
    });
  });
});

/** Policies that refuse a pod of the test of which only the place and the provider are wrong. */
const placeAlone = ["allowed-namespace", "known-resources"];
