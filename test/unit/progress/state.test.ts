import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { type EngineEvent, parseEngineLine } from "../../../commands/progress/engine-event";
import { phaseOf, phaseTitles } from "../../../commands/progress/phase";
import { advance, begin, finish, type OutputLine, type State } from "../../../commands/progress/state";
import { frame, formatLine } from "../../../commands/progress/format";

type Resource = EngineEvent & { readonly kind: "resource" };

const plain = { colours: false, wide: true };
const narrow = { colours: false, wide: false };
const POD = "kubernetes:core/v1:Pod";
const COMMAND = "command:local:Command";

function resource(name: string, type: string, moment: Resource["moment"], operation = "create"): Resource {
  return { kind: "resource", moment, operation, type, name };
}

function progress(text: string, name = "fuse-test-verdict"): EngineEvent {
  return { kind: "message", severity: "info", name, text, ephemeral: false };
}

/** Plays events at their times and returns the last state and the whole output. */
function play(events: readonly (readonly [number, EngineEvent])[]): { state: State; output: OutputLine[] } {
  let state = begin(0);
  const output: OutputLine[] = [];
  for (const [now, event] of events) {
    const step = advance(state, event, now);
    ({ state } = step);
    output.push(...step.output);
  }
  return { state, output };
}

const aRun: readonly (readonly [number, EngineEvent])[] = [
  [200, { kind: "loads", what: "policies" }],
  [600, { kind: "loads", what: "program" }],
  [1000, resource("fuse-test", "kubernetes:core/v1:Namespace", "begins")],
  [1300, resource("fuse-test", "kubernetes:core/v1:Namespace", "ends")],
  [1400, resource("fuse-test-preflight", COMMAND, "begins")],
  [1500, resource("fuse-test-programs", "kubernetes:core/v1:ConfigMap", "begins")],
  [1600, resource("fuse-test-programs", "kubernetes:core/v1:ConfigMap", "ends")],
  [2000, resource("fuse-test-preflight", COMMAND, "ends")],
  [2100, resource("fuse-test-producer", POD, "begins")],
  [2200, resource("fuse-test-producer", POD, "ends")],
  [2300, resource("fuse-test-verdict", COMMAND, "begins")],
  [2400, progress("waiting for the producer to start")],
  [3000, progress("check nonce passed after 900 ms: the run's nonce")],
  [3100, resource("fuse-test-verdict", COMMAND, "ends")],
  [3200, resource("fuse-test-examination-producer", POD, "begins")],
  [3300, resource("fuse-test-examination-producer", POD, "ends")],
  [3400, resource("fuse-test-examination", COMMAND, "begins")],
  [3500, progress("examination: visibility matrix", "fuse-test-examination")],
  [5500, progress("examination: daemon killed 5 times", "fuse-test-examination")],
  [7500, resource("fuse-test-examination", COMMAND, "ends")],
];

describe("the progress of a run", () => {
  it("tells each phase once when it is over, each check when it is decided, and each step with its time", () => {
    const { state, output } = play(aRun);
    const printed = [...output, ...finish(state, 8000, true).output];
    assert.deepEqual(
      printed.map((one) => {
        if (one.kind === "phase") return [one.title, one.milliseconds];
        if (one.kind === "step") return [`- ${one.title}`, one.milliseconds];
        return one.kind === "check" ? [one.check.name, one.check.passed] : [one.text];
      }),
      [
        [phaseTitles.engine, 200],
        [phaseTitles.policies, 400],
        [phaseTitles.program, 400],
        [phaseTitles.prepare, 300],
        [phaseTitles.preflight, 600],
        [phaseTitles.pods, 100],
        ["nonce", true],
        [phaseTitles.verdict, 800],
        ["- visibility matrix", 2000],
        ["- daemon killed 5 times", 2000],
        [phaseTitles.examination, 4300],
      ],
    );
  });

  it("shows what is under way, since when, and what it waits for", () => {
    const { state } = play(aRun.slice(0, 12));
    assert.equal(
      frame(state, 2900, plain),
      [
        `   2.9 s  now     ${phaseTitles.verdict.padEnd(37)}    0.6 s`,
        "                  waiting for the producer to start",
      ].join("\n"),
    );
  });

  it("is as short as it can be on a narrow terminal", () => {
    const { state, output } = play(aRun.slice(0, 13));
    const check = output.find(({ kind }) => kind === "check");
    assert.ok(check);
    assert.equal(formatLine(check, 3000, narrow), "   3.0 s  passed  nonce: the run's nonce");
    assert.equal(
      frame(state, 2900, narrow),
      `   2.9 s  now  ${phaseTitles.verdict}, 0.6 s\n  waiting for the producer to start`,
    );
  });

  it("says in words what it says in colours", () => {
    const { output } = play(aRun);
    const bare = output.map((one) => formatLine(one, 1, plain));
    const painted = output.map((one) => formatLine(one, 1, { ...plain, colours: true }));
    assert.notDeepEqual(painted, bare);
    assert.deepEqual(painted.map(stripVTControlCharacters), bare);
  });

  it("has nothing under way when it is over", () => {
    const { state } = play(aRun);
    assert.equal(frame(finish(state, 8000, true).state, 8000, plain), "");
  });

  it("tells the steps of a cleanup, each with its time", () => {
    const name = "fuse-test-cleanup";
    const { state, output } = play([
      [1000, resource("fuse-test-producer", POD, "begins", "delete")],
      [1100, resource(name, COMMAND, "begins", "delete")],
      [1500, progress("cleanup: remove the pods", name)],
      [2500, progress("cleanup: unmount what is left", name)],
      [4000, resource(name, COMMAND, "ends", "delete")],
    ]);
    const printed = [...output, ...finish(state, 4100, true).output];
    assert.deepEqual(printed.slice(1), [
      { kind: "step", title: "remove the pods", milliseconds: 1000 },
      { kind: "step", title: "unmount what is left", milliseconds: 1500 },
      { kind: "phase", title: phaseTitles.cleanup, milliseconds: 2900, failed: false },
    ]);
  });

  it("says which phase failed, and ends with the engine what was under way", () => {
    const events = [...aRun.slice(0, 11), [2500, resource("fuse-test-verdict", COMMAND, "fails")] as const];
    const { state } = play(events);
    assert.deepEqual(finish(state, 2600, false).output, [
      { kind: "phase", title: phaseTitles.verdict, milliseconds: 200, failed: true },
    ]);
    const cut = finish(play(aRun.slice(0, 11)).state, 9000, false);
    assert.deepEqual(cut.output, [
      { kind: "phase", title: phaseTitles.verdict, milliseconds: 6700, failed: true },
    ]);
  });

  it("shows every message that is no progress, whole", () => {
    const text = "error: first\nsecond";
    const error = { kind: "message", severity: "error", name: "x", text, ephemeral: false } as const;
    const { output } = play([[10, error]]);
    assert.deepEqual(output, [{ kind: "message", severity: "error", name: "x", text }]);
    assert.deepEqual(
      output.map((one) => formatLine(one, 1200, plain)),
      ["   1.2 s  error  x: error: first\n          second"],
    );
  });

  it("takes no error, and no message of the engine's own, for progress", () => {
    const line = "check nonce passed after 1 ms: x";
    for (const event of [progress(line, ""), { ...progress(line), severity: "error" } as EngineEvent]) {
      assert.deepEqual(
        play([[1, event]]).output.map(({ kind }) => kind),
        ["message"],
      );
    }
  });

  it("keeps its order of times and counts, whatever the engine tells", () => {
    const names = [
      "fuse-test-verdict",
      "fuse-test-preflight",
      "fuse-test-examination",
      "fuse-test-cleanup",
      "x",
    ];
    const event: fc.Arbitrary<EngineEvent | undefined> = fc.oneof(
      fc.record({
        kind: fc.constant("resource" as const),
        moment: fc.constantFrom("begins" as const, "ends" as const, "fails" as const),
        operation: fc.constantFrom("create", "delete", "same", "refresh", "delete-replaced", "??"),
        type: fc.constantFrom(POD, COMMAND, "kubernetes:core/v1:Namespace", "pulumi:providers:kubernetes"),
        name: fc.constantFrom(...names),
      }),
      fc.record({
        kind: fc.constant("loads" as const),
        what: fc.constantFrom("policies" as const, "program" as const),
      }),
      fc.string({ unit: "binary" }).map((line) => parseEngineLine(line)),
      fc.string().map((text) => progress(`waiting for ${text}`)),
      fc.string().map((text) => progress(`examination: ${text}`)),
      fc.string().map((text) => progress(`cleanup: ${text}`, "fuse-test-cleanup")),
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const known = events.flatMap((one, index) => (one === undefined ? [] : [[index * 10, one] as const]));
        const { state, output } = play(known);
        const end = finish(state, events.length * 10, true);
        const all = [...output, ...end.output];
        const titles = all.flatMap((one) => (one.kind === "phase" ? [one.title] : []));
        assert.equal(new Set(titles).size, titles.length, "a phase is reported once");
        assert.equal(titles.length, end.state.phases.size, "every phase that began is reported");
        for (const one of all) {
          if (one.kind === "phase" || one.kind === "step") assert.ok(one.milliseconds >= 0);
          assert.equal(formatLine(one, 0, plain).includes("\u001b"), false);
        }
        assert.equal(frame(end.state, events.length * 10, plain), "");
      }),
    );
  });
});

describe("the phase of a resource", () => {
  for (const [name, type, operation, phase] of [
    ["fuse-test", "kubernetes:core/v1:Namespace", "create", "prepare"],
    ["fuse-test-preflight", COMMAND, "create", "preflight"],
    ["fuse-test-control", POD, "create", "pods"],
    ["fuse-test-verdict", COMMAND, "update", "verdict"],
    ["fuse-test-examination-consumer", POD, "create", "examination"],
    ["fuse-test-producer", POD, "delete-replaced", "clear"],
    ["fuse-test-producer", POD, "delete", undefined],
    ["fuse-test", "kubernetes:core/v1:Namespace", "delete", undefined],
    ["fuse-test-cleanup", COMMAND, "create", "prepare"],
    ["fuse-test-cleanup", COMMAND, "update", "cleanup"],
    ["fuse-test-cleanup", COMMAND, "delete", "cleanup"],
    ["fuse-test-verdict", COMMAND, "delete", undefined],
    ["cluster", "pulumi:providers:kubernetes", "create", undefined],
    ["fuse-test", "fuse-test:index:FuseTest", "create", undefined],
    ["fuse-test-producer", POD, "refresh", "refresh"],
    ["p", "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy", "create", "guard"],
  ] as const) {
    it(`is ${phase ?? "none"} for ${operation} of ${name} (${type})`, () => {
      assert.equal(phaseOf(resource(name, type, "begins", operation)), phase);
    });
  }
});
