import assert from "node:assert/strict";
import fc from "fast-check";
import { clean, parseEngineLine, parseStackOutputs } from "../../../commands/progress/engine-event";

const urn = (name: string): string => `urn:pulumi:local::fuse-test::fuse-test:index:FuseTest$x::${name}`;
const read = (event: object): unknown =>
  parseEngineLine(JSON.stringify({ sequence: 1, timestamp: 2, ...event }));
const step = { op: "create", urn: urn("fuse-test-producer"), type: "kubernetes:core/v1:Pod" };

describe("an event of the engine", () => {
  for (const [event, moment] of [
    ["resourcePreEvent", "begins"],
    ["resOutputsEvent", "ends"],
    ["resOpFailedEvent", "fails"],
  ] as const) {
    it(`says that an operation ${moment} in ${event}`, () => {
      assert.deepEqual(read({ [event]: { metadata: step } }), {
        ...{ kind: "resource", moment, operation: "create" },
        ...{ type: "kubernetes:core/v1:Pod", name: "fuse-test-producer" },
      });
    });
  }

  it("is left out where a replacement is reported as a whole: its parts are reported as well", () => {
    const metadata = { ...step, op: "replace", logical: true };
    assert.equal(read({ resourcePreEvent: { metadata } }), undefined);
  });

  it("shows a refusal by a policy whole, with its name, its level and the resource", () => {
    const policyEvent = {
      ...{ resourceUrn: urn("evil"), message: "<{%fg 1%}>line one\nline two<{%reset%}>\n" },
      ...{ policyName: "bridge-only", policyPackName: "fuse-test", enforcementLevel: "mandatory" },
    };
    assert.deepEqual(read({ policyEvent }), {
      ...{ kind: "message", severity: "error", name: "evil", ephemeral: false },
      text: "policy fuse-test/bridge-only (mandatory): line one\nline two",
    });
    assert.deepEqual(
      (read({ policyEvent: { ...policyEvent, enforcementLevel: "advisory" } }) as { severity: string })
        .severity,
      "warning",
    );
  });

  it("shows an error of the engine whole", () => {
    const text = Array.from({ length: 300 }, (_, index) => `line ${index}`).join("\n");
    const event = read({
      diagnosticEvent: { urn: urn("x"), prefix: "error: ", message: text, severity: "error" },
    });
    assert.deepEqual(event, {
      ...{ kind: "message", severity: "error", name: "x", ephemeral: false },
      text,
    });
    assert.deepEqual(read({ errorEvent: { error: "bad" } }), {
      ...{ kind: "message", severity: "error", name: "", ephemeral: false, text: "bad" },
    });
  });

  it("is of no interest if it is for debugging, or says nothing", () => {
    assert.equal(read({ diagnosticEvent: { message: "x", severity: "debug" } }), undefined);
    assert.equal(read({ diagnosticEvent: { message: "<{%reset%}>\n", severity: "info" } }), undefined);
    assert.equal(read({ cancelEvent: {} }), undefined);
  });

  it("says what the engine loads before the first resource", () => {
    assert.deepEqual(read({ policyLoadEvent: {} }), { kind: "loads", what: "policies" });
    assert.deepEqual(read({ preludeEvent: { config: {} } }), { kind: "loads", what: "program" });
  });

  it("is shown as it stands if it is none", () => {
    const message = (text: string): object => ({
      ...{ kind: "message", severity: "info", name: "", ephemeral: false, text },
    });
    assert.deepEqual(parseEngineLine("error: no stack"), message("error: no stack"));
    assert.deepEqual(parseEngineLine('{"resourcePreEvent":7}'), message('{"resourcePreEvent":7}'));
    assert.equal(parseEngineLine("  "), undefined);
  });

  it("is never a reason to fail, and never carries a control character to the terminal", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc
        .record({
          diagnosticEvent: fc.record({
            urn: fc.string({ unit: "binary" }),
            message: fc.string({ unit: "binary" }),
            severity: fc.constantFrom("info", "error", "warning", "info#err", "__proto__"),
          }),
        })
        .map((event) => JSON.stringify(event)),
    );
    fc.assert(
      fc.property(hostile, (line) => {
        const event = parseEngineLine(line);
        if (event?.kind !== "message") return;
        assert.equal(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(event.text), false);
        assert.equal(/[\u0000-\u001f\u007f-\u009f]/.test(event.name), false);
      }),
    );
  });
});

describe("the words of others", () => {
  it("lose what would move the cursor, colour the screen or turn the line round", () => {
    assert.equal(clean("a\u001b[2Jb\u001b]0;title\u0007c\u202ed\u0008e\rf\tg"), "abcde\nf  g");
  });
});

describe("the outputs of the stack", () => {
  const outputs = {
    verdict: "SUCCESS",
    timings: { created: null },
    checks: [{ name: "nonce", passed: true }],
  };
  const line = (metadata: object, fields: object = {}): string =>
    JSON.stringify({ sequence: 1, resOutputsEvent: { metadata, ...fields } });
  const ends = { type: "pulumi:pulumi:Stack", op: "update", new: { outputs } };

  it("are those that the stack's resource ends with", () => {
    for (const text of [line(ends), line({ ...ends, op: "same" }), line(ends, { planning: false })])
      assert.deepEqual(JSON.parse(parseStackOutputs(text) ?? "null"), outputs);
  });

  it("are not those of a preview, of another resource, of what a pod prints, or of a line that is cut off", () => {
    const message = line(ends);
    for (const text of [
      line(ends, { planning: true }),
      line({ ...ends, type: "fuse-test:index:FuseTest" }),
      line({ ...ends, new: undefined }),
      line({ ...ends, new: { outputs: [] } }),
      line({ ...ends, new: { outputs: "pulumi:pulumi:Stack" } }),
      JSON.stringify({ resourcePreEvent: { metadata: ends } }),
      JSON.stringify({ diagnosticEvent: { message, severity: "info" } }),
      JSON.stringify({ stdoutEvent: { message } }),
      message.slice(0, -1),
      `${message}${message}`,
      "pulumi:pulumi:Stack",
      "",
    ])
      assert.equal(parseStackOutputs(text), undefined, text);
  });

  it("are read from any text without an error", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        assert.equal(parseStackOutputs(text), undefined);
        assert.equal(parseStackOutputs(`${text} pulumi:pulumi:Stack`), undefined);
      }),
    );
  });
});
