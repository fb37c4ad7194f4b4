import { rmSync } from "node:fs";
import { readDescriptor } from "../../../tools/cluster/descriptor";
import { readSettings } from "../../../config/settings";
import { cleanUp } from "../../../cleanup/cleanup";
import { cleanRequest } from "../../../protocol/cleanup-request-of";
import { assertNothingLeft } from "../leftovers";
import { E2E_CLUSTER } from "../names";
import { testStack } from "../stack";
import { Person } from "./person";
import { HOST_PATHS, sequenceOf, type Step } from "./sequence";
import { inWords } from "./words";

/** Which sequence is played. */
export interface Played {
  readonly seed: number;
  readonly mostSteps: number;
}

/** A sequence with its seed, in lines for a person; the step that failed is marked. */
function describe({ seed, mostSteps }: Played, steps: readonly Step[], failed: number): string {
  const lines = steps.map((step, index) => `${index === failed ? ">" : " "} ${index + 1}. ${inWords(step)}`);
  return [
    `FUSE_TEST_SEED=${seed}, at most ${mostSteps} steps:`,
    ...lines,
    `${failed === steps.length ? ">" : " "} and one more destroy`,
  ].join("\n");
}

/** What a sequence has left could not be removed: no other one can be played after it. */
export class NotCleanError extends Error {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Removes by hand what a sequence that failed has left. */
async function cleanAfterwards(): Promise<void> {
  const { kubeconfig, image } = readDescriptor(E2E_CLUSTER);
  const said: string[] = [];
  for (const hostPath of HOST_PATHS) {
    const settings = readSettings({ cluster: "embedded", run: "clean", hostPath });
    const pods = { ...settings, image, imagePullPolicy: "Never" as const };
    await cleanUp(cleanRequest({ pods, hostPath, access: { kubeconfig }, keepNamespace: false }), {
      print: (line) => void said.push(line),
      step: () => undefined,
      namespace: "remove",
    });
  }
  await assertNothingLeft(E2E_CLUSTER, said.join("\n"));
}

/**
 * Plays the sequence of a seed on the cluster of the end-to-end tests, and then destroys what it has left: nothing may
 * remain.
 * @returns the steps in words.
 * @throws Error with the seed, the sequence, the step that failed and why; the cluster is clean again, unless it is a
 * NotCleanError.
 */
export async function playSequence(played: Played): Promise<string> {
  const steps = sequenceOf(played.seed, played.mostSteps);
  const stack = await testStack();
  const person = new Person(stack, `sequence-${played.seed >>> 0}`);
  let at = 0;
  try {
    for (const step of steps) {
      await person.does(step);
      at += 1;
    }
    await person.destroy();
  } catch (error) {
    const said = `${describe(played, steps, at)}\n${messageOf(error)}\nThe state is in ${stack.folder}`;
    await cleanAfterwards().catch((worse: unknown) => {
      throw new NotCleanError(`${said}\nIt could not be cleaned afterwards: ${messageOf(worse)}`);
    });
    throw new Error(said);
  }
  rmSync(stack.folder, { recursive: true });
  return steps.map(inWords).join("; ");
}
