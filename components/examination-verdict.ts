import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ExamineRequest } from "../protocol/examine-request";
import { parseVerdict, type Verdict } from "../protocol/verdict";
import { verdictCommand } from "./verdict-command";
import type { TestResourceOptions } from "./test-resource";

export interface ExaminationVerdictArgs {
  readonly request: pulumi.Input<ExamineRequest>;
  /** Uids of the pods that are examined: other pods cause a new examination. */
  readonly pods: readonly pulumi.Input<string>[];
}

/** Watches the examination's pods until they finish and adds their results to the verdict. */
export class ExaminationVerdict extends pulumi.ComponentResource {
  readonly result: pulumi.Output<Verdict>;

  constructor(name: string, args: ExaminationVerdictArgs, opts: TestResourceOptions) {
    super("fuse-test:index:ExaminationVerdict", name, {}, opts);
    const command = new local.Command(
      name,
      { ...verdictCommand(args.request), triggers: [...args.pods] },
      { parent: this, deletedWith: opts.deletedWith },
    );
    this.result = command.stdout.apply(parseVerdict);
    this.registerOutputs({ result: this.result });
  }
}
