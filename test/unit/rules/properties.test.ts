import fc from "fast-check";
import assert from "node:assert/strict";
import { judgeInOrganization, judgeInProject, type Resource } from "../../../policy/rules/evaluate";
import { ROLES } from "../../../policy/rules/roles";
import {
  describe as inWords,
  field,
  isFields,
  items,
  snapshot,
  UNKNOWN,
  type Value,
} from "../../../policy/rules/snapshot";
import { foreignTest, ordinary, producer } from "../../policy/cases/fixtures";

function resource(props: Value, type = "kubernetes:example.com/v1:Thing"): Resource {
  return { type, name: "x", urn: `urn:pulumi:s::p::${type}::x`, props, ignoreChanges: [] };
}

const key = fc.constantFrom(
  "spec",
  "template",
  "items",
  "objects",
  "jobTemplate",
  "podTemplate",
  "values",
  "x",
);

/** Wraps something in lists and objects, many times over. */
function nested(inner: Value): fc.Arbitrary<Value> {
  return fc
    .array(fc.oneof(key, fc.nat({ max: 2 })), { maxLength: 12 })
    .map((steps) =>
      steps.reduce<Value>(
        (value, step) =>
          typeof step === "string"
            ? { [step]: value, other: 1 }
            : [...Array<Value>(step).fill({ a: 1 }), value],
        inner,
      ),
    );
}

const data: fc.Arbitrary<Value> = fc.jsonValue().map((value) => snapshot(value));

describe("Rules, for any input", () => {
  it("refuse a FUSE test at any depth", () => {
    fc.assert(
      fc.property(nested(snapshot(foreignTest)), (value) => {
        const found = judgeInOrganization(resource({ apiVersion: "v1", kind: "Thing", spec: value }));
        assert.ok(
          found.some(
            ({ topic, found: what }) => topic === "fuse-elsewhere" && what.includes("Bidirectional"),
          ),
        );
      }),
    );
  });

  it("report the node of an ordinary pod in the project at any depth", () => {
    fc.assert(
      fc.property(nested(snapshot(ordinary())), (value) => {
        const found = judgeInProject(resource({ wrapped: value }));
        assert.ok(found.some(({ topic, path }) => topic === "node" && path.endsWith("nodeName")));
        assert.ok(found.some(({ topic, found: what }) => topic === "namespace" && what === '"default"'));
      }),
    );
  });

  it("accept an ordinary pod at any depth", () => {
    fc.assert(
      fc.property(nested(snapshot(ordinary())), (value) => {
        assert.deepEqual(judgeInOrganization(resource({ wrapped: value })), []);
      }),
    );
  });

  it("end without an error for any data", () => {
    fc.assert(
      fc.property(data, fc.string(), (value, type) => {
        judgeInOrganization(resource(value, type));
        judgeInOrganization(resource(value, "kubernetes:core/v1:Pod"));
        assert.ok(judgeInProject(resource(value, "kubernetes:core/v1:Pod")).length > 0);
        assert.equal(inWords(value).includes("\n"), false);
      }),
    );
  });

  it("refuse the producer with any one field removed", () => {
    const whole = snapshot(producer) as Record<string, Value>;
    for (const field of ["metadata", "spec", "apiVersion", "kind"]) {
      const rest = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== field));
      const pod = { ...resource(rest, "kubernetes:core/v1:Pod"), urn: placeOfProducer };
      assert.ok(judgeInProject({ ...pod, name: "fuse-test-producer" }).length > 0, field);
    }
  });

  it("have a different name for every container of every pod", () => {
    // A Job's pod has the containers of a pod that is in the list already.
    const names = ROLES.filter(({ job }) => job === undefined).flatMap(({ containers }) =>
      containers.map(({ name }) => name),
    );
    assert.deepEqual(names, [...new Set(names)]);
  });
});

const placeOfProducer =
  "urn:pulumi:s::fuse-test::fuse-test:index:FuseTest$fuse-test:index:Producer$kubernetes:core/v1:Pod::fuse-test-producer";

describe("A snapshot", () => {
  it("has UNKNOWN for a property whose reading throws", () => {
    const throwing = Object.defineProperty({}, "a", {
      enumerable: true,
      get: () => {
        throw new Error("not known");
      },
    });
    assert.deepEqual(snapshot(throwing), { a: UNKNOWN });
  });

  it("ends in a circle", () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    assert.ok(snapshot(circle));
  });

  it("has values up to a depth of 200, and UNKNOWN for deeper ones", () => {
    const nest = (steps: number): Value => {
      let value: Value = "inner";
      for (let step = 0; step < steps; step += 1) value = { a: value };
      return value;
    };
    const innermost = (value: Value): Value | undefined => {
      let at: Value | undefined = value;
      while (isFields(at)) at = field(at, "a");
      return at;
    };
    assert.equal(innermost(snapshot(nest(200))), "inner");
    assert.equal(innermost(snapshot(nest(201))), UNKNOWN);
  });

  it("is reported in a message by 80 characters at most", () => {
    assert.equal(inWords("x".repeat(78)), `"${"x".repeat(78)}"`);
    assert.equal(inWords("x".repeat(79)), `"${"x".repeat(79)}...`);
  });

  it("has no items if there is no list", () => {
    assert.deepEqual([items("x"), items({ a: 1 }), items(UNKNOWN), items(["x"])], [[], [], [], ["x"]]);
  });

  it("has UNKNOWN for values that are not data", () => {
    assert.deepEqual(snapshot({ a: () => 1, b: Number.NaN, c: undefined, d: 1n }), {
      a: UNKNOWN,
      b: UNKNOWN,
      c: UNKNOWN,
      d: UNKNOWN,
    });
  });
});
