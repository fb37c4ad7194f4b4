import { PolicyPack } from "@pulumi/policy";
import { POLICIES } from "./policies";
import type { Scope } from "./rule-policy";
import { hardenServing } from "./serving";

/** Serves the pack to the engine. All its policies except the advice on images are mandatory, and none has settings. */
export function servePack(name: string, scope: Scope): void {
  hardenServing();
  new PolicyPack(name, {
    enforcementLevel: "mandatory",
    policies: POLICIES.map((policy) => policy(scope)),
  });
}
