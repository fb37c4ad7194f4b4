import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import type { Verdict } from "../protocol/verdict";

/**
 * Returns true if `pulumi up` itself must fail with a verdict. ERROR is worse than FAILURE: `failure`
 * includes both.
 */
function fails(setting: Settings["failOn"], verdict: Verdict["verdict"]): boolean {
  switch (setting) {
    case "never":
      return false;
    case "failure":
      return verdict !== "SUCCESS";
    case "error":
      return verdict === "ERROR";
  }
}

/** Makes the program fail, in one line, on a verdict that the configuration does not accept. */
export function failOn(setting: Settings["failOn"], result: pulumi.Output<Verdict>): void {
  result.apply(({ verdict, cause, summary }) => {
    if (fails(setting, verdict)) {
      throw new pulumi.RunError(
        `verdict ${verdict}, cause ${cause}: ${summary} (fuse-test:failOn is ${setting})`,
      );
    }
  });
}
