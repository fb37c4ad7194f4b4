import { PolicyPack } from "@pulumi/policy";
import { POLICIES } from "./policies";
import type { Scope } from "./rule-policy";
import { hardenServing } from "./serving";

/** Serves the pack to the engine. Every policy of it is mandatory but the advice on images, and none has settings. */
export function servePack(name: string, scope: Scope): void {
  hardenServing();
  new PolicyPack(name, {
    enforcementLevel: "mandatory",
    policies: POLICIES.map((policy) => policy(scope)),
  });
}
