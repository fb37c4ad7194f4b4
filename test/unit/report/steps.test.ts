import assert from "node:assert/strict";
import fc from "fast-check";
import { factsOf } from "../../../report/facts";
import { splitStep } from "../../../report/steps";
import { causes } from "../../../verdict/causes";
import type { Question } from "../../../verdict/observation";

const question: Question = {
  run: "r1",
  node: "w2",
  namespace: "fuse-test",
  driver: "rclone",
  image: "docker.io/rclone/rclone:1.71.2",
  hostPath: "/tmp/fuse-test-bridge",
  timeoutSeconds: 120,
};

/** Every next step of every cause. */
const steps = causes.flatMap(({ nextSteps }) =>
  nextSteps(question, { about: "run", text: "words", time: 0 }),
);

function commandsOf(step: string): string[] {
  return splitStep(step)
    .filter(({ kind }) => kind === "command")
    .map(({ text }) => text);
}

describe("next steps in a report", () => {
  it("show their commands as code, without the words around them", () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["Run the test again: npm run again", ["npm run again"]],
      [
        "On w2, load the module: modprobe fuse, and check: ls -l /dev/fuse (a character device)",
        ["modprobe fuse", "ls -l /dev/fuse"],
      ],
      [
        "Built in: grep CONFIG_FUSE_FS /boot/config-$(uname -r)",
        ["grep CONFIG_FUSE_FS /boot/config-$(uname -r)"],
      ],
      [
        "Count them: findmnt --types fuse --noheadings | wc --lines",
        ["findmnt --types fuse --noheadings | wc --lines"],
      ],
      [
        "Look at it: kubectl get namespace fuse-test --show-labels. The producer needs more",
        ["kubectl get namespace fuse-test --show-labels"],
      ],
      [
        "Remove nothing recursively: rmdir /tmp/a is safe, rm -r through a live mount is not",
        ["rmdir /tmp/a"],
      ],
      ["Make room on the node first (df --human-readable /tmp)", ["df --human-readable /tmp"]],
      ["Record the result", []],
      ["The mount is not shared", []],
    ];
    for (const [step, commands] of cases) assert.deepEqual(commandsOf(step), commands, step);
  });

  it("show every command of the catalogue's as code", () => {
    assert.ok(steps.length > 50);
    for (const step of steps) {
      const words = splitStep(step).filter(({ kind }) => kind === "words");
      for (const { text } of words)
        assert.doesNotMatch(text, /(?:kubectl|pulumi|npm|npx|findmnt|systemctl) [a-z-]/, step);
      for (const command of commandsOf(step))
        assert.doesNotMatch(command, / rm -r| is | and look|[.:,]$/, step);
    }
  });

  it("are whole, whatever they say", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...steps)), (step) => {
        assert.equal(
          splitStep(step)
            .map(({ text }) => text)
            .join(""),
          step,
        );
      }),
    );
  });
});

describe("facts of a run in a report", () => {
  const run = {
    id: "r1",
    start: "",
    end: "",
    cluster: "",
    context: "",
    server: "",
    node: "w1",
    namespace: "n",
    driver: "d",
    image: "i",
    imageDigest: "",
    kernel: "6",
    kubelet: "",
    runtime: "",
    propagation: "",
  };

  it("are unknown when nothing was read of them", () => {
    assert.equal(factsOf({ run, cause: "timed-out" }).propagation, "unknown");
    assert.equal(factsOf({ run, cause: "" }).imageDigest, "unknown");
  });

  it("are what the cause proves, unless they were read", () => {
    assert.equal(factsOf({ run, cause: "root-not-shared" }).propagation, "private");
    assert.equal(factsOf({ run, cause: "node-missing" }).kubelet, "no such node");
    assert.equal(factsOf({ run, cause: "node-missing" }).kernel, "6");
    assert.equal(
      factsOf({ run: { ...run, propagation: "shared:3" }, cause: "root-not-shared" }).propagation,
      "shared:3",
    );
  });
});
