import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ExamineRequest } from "../protocol/examine-request";
import type { JudgeRequest, PreflightRequest } from "../protocol/verdict-request";
import type { TestResourceOptions } from "./test-resource";

/** Arguments of a {@link TestCommand}. */
export interface TestCommandArgs<Result> {
  /** Goes by standard input, so that nothing in it needs quoting or shows in the process list. */
  readonly request: pulumi.Input<PreflightRequest | JudgeRequest | ExamineRequest>;
  /** Values, such as the uids of pods, whose change runs the command again. */
  readonly triggers: readonly pulumi.Input<string>[];
  /** Parses the command's standard output. Its progress goes to standard error. */
  readonly parse: (output: string) => Result;
}

/** A run of the verdict command: the preflight, the verdict on the test, or the examination. */
export class TestCommand<Result> extends pulumi.ComponentResource {
  readonly result: pulumi.Output<Result>;

  /** @param type name of the component's type, which is part of its URN. */
  constructor(
    type: "Preflight" | "TestVerdict" | "ExaminationVerdict",
    name: string,
    args: TestCommandArgs<Result>,
    opts: TestResourceOptions,
  ) {
    super(`fuse-test:index:${type}`, name, {}, opts);
    const command = new local.Command(
      name,
      {
        create: "node tools/load.cjs commands/verdict.ts --request -",
        stdin: pulumi.jsonStringify(args.request),
        logging: "stderr",
        triggers: [...args.triggers],
      },
      { parent: this, deletedWith: opts.deletedWith },
    );
    this.result = command.stdout.apply(args.parse);
    this.registerOutputs({ result: this.result });
  }
}
