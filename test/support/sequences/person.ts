import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { statusOf } from "../../../kube/wait";
import { podName } from "../../../manifests/common";
import { parseOutputs } from "../../../protocol/verdict";
import { clusterApi } from "../clients";
import { type Finished, type Running } from "../engine";
import { UNASKED, words } from "../faults";
import { assertNothingLeft } from "../leftovers";
import { E2E_CLUSTER } from "../names";
import type { TestStack } from "../stack";
import {
  type DeletedPod,
  type Disturbance,
  FIRST_SETTINGS,
  MISSING_IMAGE,
  type SequenceSettings,
  type Step,
} from "./sequence";

/** A command that takes longer than this hangs, in seconds: cleaning gives up after 180. */
const LONGEST_COMMAND_SECONDS = 240;

/** Resolves when so many lines were printed, or the command has ended. */
async function printedLines(running: Running, lines: number): Promise<void> {
  await running.printed(new RegExp(`^(?:.*\\n){${lines}}`)).catch(() => undefined);
}

/** Waits for the end of a command. @throws Error if it hangs; it is killed then. */
async function endOf(running: Running): Promise<Finished> {
  const late = new AbortController();
  const hangs = sleep(LONGEST_COMMAND_SECONDS * 1000, undefined, { signal: late.signal }).then(
    () => {
      running.signal("SIGKILL");
      throw new Error(`the command did not end within ${LONGEST_COMMAND_SECONDS} s`);
    },
    () => running.ended,
  );
  try {
    return await Promise.race([running.ended, hangs]);
  } finally {
    late.abort();
  }
}

/** Carries out a sequence's steps as a person would, and holds the product to its promises after each. */
export class Person {
  private settings = FIRST_SETTINGS;
  private runs = 0;
  /** The tests that an `up` was ever asked for: what one that was disturbed has left is no fresh start. */
  private readonly begun = new Set<string>();

  /** @param name begins the ids of the runs. */
  constructor(
    private readonly stack: TestStack,
    private readonly name: string,
  ) {}

  /** @throws Error with what the command printed, if it did not keep a promise. */
  async does(step: Step): Promise<void> {
    switch (step.action) {
      case "up":
        return this.up(step);
      case "destroy":
        return this.destroy(step.disturbance);
      case "delete pods":
        return this.deletes(step.pods);
    }
  }

  private async up({ run, change, disturbance }: Step & { action: "up" }): Promise<void> {
    this.settings = { ...this.settings, ...change };
    if (run === "new" || this.runs === 0) this.runs += 1;
    const test = { ...this.settings, run: `${this.name}-${this.runs}` };
    const key = JSON.stringify(test);
    const fresh = !this.begun.has(key);
    this.begun.add(key);
    // The guard keeps tests out of every directory but its own.
    this.stack.configure({ ...test, suite: "quick", guard: false });
    const finished = await this.command("up", disturbance);
    if (disturbance === undefined) await this.judgesUp(finished, test, fresh);
  }

  /** An `up` that no user disturbed ends well and has a verdict of its own run, which is right if it started afresh. */
  private async judgesUp(
    finished: Finished,
    test: SequenceSettings & { readonly run: string },
    fresh: boolean,
  ): Promise<void> {
    assert.equal(finished.code, 0, words(finished));
    const outputs = parseOutputs((await this.stack.pulumi("stack output", "--json")).stdout);
    assert.equal(outputs?.run.id, test.run, "the outputs are another run's");
    const { verdict, cause, summary } = outputs;
    // The node is in order: nothing that is done to a test makes it say that propagation does not work there.
    assert.notEqual(verdict, "FAILURE", `${summary}\n${words(finished)}`);
    if (!fresh) return;
    const right = test.image === MISSING_IMAGE ? "ERROR image-unavailable" : "SUCCESS ";
    assert.equal(`${verdict} ${cause}`, right, `${summary}\n${words(finished)}`);
  }

  /** @param disturbance absent: it must leave nothing. */
  async destroy(disturbance?: Disturbance): Promise<void> {
    const finished = await this.command("destroy", disturbance);
    if (disturbance !== undefined && "signal" in disturbance) return;
    assert.equal(finished.code, 0, words(finished));
    await assertNothingLeft(E2E_CLUSTER, words(finished));
  }

  private async command(verb: "up" | "destroy", disturbance?: Disturbance): Promise<Finished> {
    const running = this.stack.start(verb, ...UNASKED);
    if (disturbance !== undefined) {
      await printedLines(running, disturbance.at.lines);
      await Promise.race([running.ended, sleep(disturbance.at.milliseconds)]);
      if ("signal" in disturbance) running.signal(disturbance.signal);
      else await this.deletes(disturbance.deletes);
    }
    return endOf(running);
  }

  private async deletes(pods: readonly DeletedPod[]): Promise<void> {
    const core = clusterApi();
    for (const pod of pods) {
      await core
        .deleteNamespacedPod({ namespace: "fuse-test", name: podName(pod) })
        .catch((error: unknown) => {
          if (statusOf(error) !== 404) throw error;
        });
    }
  }
}
