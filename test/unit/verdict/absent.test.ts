import assert from "node:assert/strict";
import { decide } from "../../../verdict/decide";
import { noPodSeen } from "../../../verdict/observation";
import { passing } from "../../support/observations";

describe("a pod that was made and is not there", () => {
  for (const role of ["producer", "consumer", "control"] as const) {
    it(`is named as what interrupted the run: the ${role}`, () => {
      const { pods } = passing();
      const decision = decide(passing({ pods: { ...pods, [role]: { ...noPodSeen[role], absent: true } } }));
      assert.ok(decision.certain);
      const { verdict, cause, summary } = decision.judgement;
      assert.deepEqual([verdict, cause], ["ERROR", "interrupted"]);
      assert.ok(summary.includes(`(${role}: it was deleted before anything was seen of it)`), summary);
    });

    it(`is waited for while no user has said that it is not there: the ${role}`, () => {
      const { pods } = passing();
      assert.equal(decide(passing({ pods: { ...pods, [role]: noPodSeen[role] } })).certain, false);
    });
  }
});
