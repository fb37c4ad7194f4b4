import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { parseVerdict, type Verdict } from "../protocol/verdict";
import type { JudgeRequest } from "../protocol/verdict-request";
import { verdictCommand } from "./verdict-command";
import type { TestResourceOptions } from "./test-resource";

export interface TestVerdictArgs {
  readonly request: pulumi.Input<JudgeRequest>;
  /** Uids of the pods that are judged: other pods cause a new verdict. */
  readonly pods: readonly pulumi.Input<string>[];
}

/** Watches the pods until the verdict is certain. */
export class TestVerdict extends pulumi.ComponentResource {
  readonly result: pulumi.Output<Verdict>;

  constructor(name: string, args: TestVerdictArgs, opts: TestResourceOptions) {
    super("fuse-test:index:TestVerdict", name, {}, opts);
    const command = new local.Command(
      name,
      { ...verdictCommand(args.request), triggers: [...args.pods] },
      { parent: this, deletedWith: opts.deletedWith },
    );
    this.result = command.stdout.apply(parseVerdict);
    this.registerOutputs({ result: this.result });
  }
}
