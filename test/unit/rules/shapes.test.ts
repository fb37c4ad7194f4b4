import assert from "node:assert/strict";
import { celOf, fieldExpression, membershipExpression } from "../../../policy/admission/cel";
import { check, expectation, step } from "../../../policy/rules/check";
import {
  any,
  exactly,
  forbidden,
  integer,
  lateInteger,
  list,
  map,
  named,
  object,
  oneOf,
  optional,
  required,
  same,
  server,
  type Shape,
  text,
} from "../../../policy/rules/schema";
import { SECRET, UNKNOWN, type Value } from "../../../policy/rules/snapshot";

function told(value: Value, shape: Shape): string[] {
  return check(value, shape, { path: "at", topic: "resource" }).map(
    ({ topic, path, found, required: wanted }) => `${topic} ${path}: ${found}, not ${wanted}`,
  );
}

/** A shape in words and in CEL, with values that have it, and others. */
interface Kind {
  readonly shape: Shape;
  readonly words: string;
  readonly cel: string;
  readonly good: readonly Value[];
  readonly bad: readonly Value[];
}

const kinds: Readonly<Record<string, Kind>> = {
  "one of some": {
    shape: oneOf("a", 1, true),
    words: '"a" or 1 or true',
    cel: 'v in ["a",1,true]',
    good: ["a", 1, true],
    bad: ["b", "1", "true", null, ["a"], UNKNOWN, SECRET],
  },
  "a text": {
    shape: text("^a+$", "letters a"),
    words: "letters a",
    cel: 'type(v) == string && v.matches("(?s)^a+$")',
    good: ["a", "aaa"],
    bad: ["", "ab", 1, ["a"], UNKNOWN, SECRET],
  },
  "a whole number": {
    shape: integer(1, 3),
    words: "a whole number from 1 to 3",
    cel: "type(v) == int && v >= 1 && v <= 3",
    good: [1, 2, 3],
    bad: [0, 4, 1.5, "2", null, true, UNKNOWN, SECRET],
  },
  "a whole number that a preview may not know": {
    shape: lateInteger(1, 3),
    words: "a whole number from 1 to 3",
    cel: "type(v) == int && v >= 1 && v <= 3",
    good: [1, 3, UNKNOWN],
    bad: [0, 4, 1.5, "2", null, true, SECRET],
  },
  "exactly these": {
    shape: exactly("a", 2),
    words: 'exactly ["a",2]',
    cel: 'v == ["a",2]',
    good: [["a", 2]],
    bad: [[], ["a"], [2, "a"], ["a", 2, 3], ["a", "2"], "a", UNKNOWN],
  },
  "the same": {
    shape: same({ a: [1] }),
    words: 'exactly {"a":[1]}',
    cel: 'v == {"a":[1]}',
    good: [{ a: [1] }],
    bad: [{}, { a: [1], b: 1 }, { a: ["1"] }, [1], UNKNOWN],
  },
  "a list": {
    shape: list(oneOf("a")),
    words: "a list",
    cel: 'type(v) == list && v.all(i0, i0 in ["a"])',
    good: [[], ["a", "a"]],
    bad: [{}, "a", null, UNKNOWN, SECRET],
  },
  "a map": {
    shape: map("^k", oneOf("a")),
    words: "an object",
    cel: 'type(v) == map && v.all(i0, i0.matches("(?s)^k") && (v[i0] in ["a"]))',
    good: [{}, { k: "a", k2: "a" }],
    bad: [[], "a", null, UNKNOWN, SECRET],
  },
  "an object": {
    shape: object({ a: required(oneOf(1)), b: optional(any), c: forbidden("node") }),
    words: "an object",
    cel: 'type(v) == map && v.all(k0, k0 in ["a","b"]) && "a" in v && (v["a"] in [1])',
    good: [{ a: 1 }, { a: 1, b: UNKNOWN }],
    bad: [[], "a", null, UNKNOWN, SECRET],
  },
  "a list by name": {
    shape: named({ x: { a: required(oneOf(1)) } }, { y: {} }),
    words: "a list of x, y, each once",
    cel: [
      "type(v) == list",
      'v.all(i0, type(i0) == map && "name" in i0 && i0["name"] in ["x","y"])',
      'v.exists_one(i0, i0["name"] == "x")',
      'v.filter(i0, i0["name"] == "y").size() <= 1',
      'v.all(i0, (i0["name"] != "x" || (type(i0) == map && i0.all(k1, k1 in ["name","a"]) && "name" in i0 && (i0["name"] in ["x"]) && "a" in i0 && (i0["a"] in [1])))' +
        ' && (i0["name"] != "y" || (type(i0) == map && i0.all(k1, k1 in ["name"]) && "name" in i0 && (i0["name"] in ["y"]))))',
    ].join(" && "),
    good: [[{ name: "x", a: 1 }], [{ name: "y" }, { name: "x", a: 1 }]],
    bad: [{}, "x", null, UNKNOWN, SECRET],
  },
};

describe("A shape", () => {
  for (const [what, { shape, words, cel, good, bad }] of Object.entries(kinds)) {
    it(`of ${what} is reported in words and in CEL`, () => {
      assert.equal(expectation(shape), words);
      assert.equal(celOf(shape, "v"), cel);
    });

    it(`of ${what} holds for what has it, and for nothing else`, () => {
      for (const value of good) assert.deepEqual(told(value, shape), []);
      for (const value of bad) {
        const found = told(value, shape);
        assert.equal(found.length, 1);
        assert.match(found[0] ?? "", /^resource at: /);
        assert.ok(found[0]?.endsWith(`, not ${words}`), found[0]);
      }
    });
  }

  it("of anything holds for anything, and asks the API server for nothing", () => {
    const values: readonly Value[] = [1, null, UNKNOWN, SECRET, []];
    for (const value of values) assert.deepEqual(told(value, any), []);
    assert.equal(expectation(any), "anything");
    assert.equal(celOf(any, "v"), "true");
  });

  it("mentions every item of a list that is wrong", () => {
    assert.deepEqual(told(["a", "b", UNKNOWN], list(oneOf("a"))), [
      'resource at[1]: "b", not "a"',
      'resource at[2]: a value that is not known yet, not "a"',
    ]);
  });

  it("mentions every key and value of a map that is wrong", () => {
    assert.deepEqual(told({ k: "b", "x/y": "a" }, map("^k", oneOf("a"))), [
      'resource at.k: "b", not "a"',
      'resource at["x/y"]: "a", not that it is not set',
    ]);
  });

  it("mentions every field of an object that is missing, wrong or too much", () => {
    const shape = object({
      a: required(oneOf(1)),
      b: optional(oneOf(2)),
      c: forbidden("node"),
      d: server(any, "privilege"),
      e: required(any),
    });
    assert.deepEqual(told({ b: 3, c: 4, d: 1, f: 6, e: UNKNOWN }, shape), [
      "resource at.a: nothing, not 1",
      "resource at.b: 3, not 2",
      "node at.c: 4, not that it is not set",
      "privilege at.d: 1, not that it is not set",
      "resource at.f: 6, not that it is not set",
    ]);
    assert.deepEqual(told({ a: 1 }, shape), ["resource at.e: nothing, not anything"]);
  });

  it("does not take what an object inherits for a field or for a member", () => {
    const shape = object({ a: required(any) });
    assert.deepEqual(told(JSON.parse('{"a":1,"__proto__":{"b":1}}') as Value, shape), [
      'resource at.__proto__: {"b":1}, not that it is not set',
    ]);
    assert.deepEqual(told([{ name: "toString" }], named({})), [
      'resource at[0].name: "toString", not a list of , each once',
    ]);
  });

  it("mentions every member that is unknown, twice or missing", () => {
    const shape = named({ x: {}, z: {} }, { y: {} });
    const wanted = "a list of x, z, y, each once";
    assert.deepEqual(told([{ name: "y" }, { name: "y" }, { name: "q" }, {}, UNKNOWN, { name: 1 }], shape), [
      `resource at[1].name: "y", not ${wanted}`,
      `resource at[2].name: "q", not ${wanted}`,
      `resource at[3].name: an item without a name, not ${wanted}`,
      `resource at[4].name: an item without a name, not ${wanted}`,
      `resource at[5].name: 1, not ${wanted}`,
      "resource at: no item named x, not one named x",
      "resource at: no item named z, not one named z",
    ]);
  });

  it("does not take a number for a name", () => {
    const wanted = "a list of 1, each once";
    assert.deepEqual(told([{ name: "1" }, { name: 1 }], named({ 1: {} })), [
      `resource at[1].name: 1, not ${wanted}`,
    ]);
  });

  it("has a path that leads to the field", () => {
    assert.equal(step("", "a"), "a");
    assert.equal(step("a", "b1_$"), "a.b1_$");
    assert.equal(step("a", "b/c"), 'a["b/c"]');
    assert.equal(step("a", "1b"), 'a["1b"]');
    assert.equal(step("", "b c"), '["b c"]');
  });
});

describe("A field for the API server", () => {
  it("is there if it is required, right where it may be there, and not there if it is forbidden", () => {
    assert.equal(fieldExpression("a", required(oneOf(1)), "o"), '"a" in o && (o["a"] in [1])');
    assert.equal(fieldExpression("a", required(any), "o"), '"a" in o');
    assert.equal(fieldExpression("a", optional(oneOf(1)), "o"), '(!("a" in o) || (o["a"] in [1]))');
    assert.equal(fieldExpression("a", server(oneOf(1)), "o"), '(!("a" in o) || (o["a"] in [1]))');
    assert.equal(fieldExpression("a", optional(any), "o"), "true");
    assert.equal(fieldExpression("a", forbidden("node"), "o"), '!("a" in o)');
  });

  it("has variables of its own at every depth", () => {
    const shape = list(list(map("^k", list(oneOf(1)))));
    assert.equal(
      celOf(shape, "v"),
      'type(v) == list && v.all(i0, type(i0) == list && i0.all(i1, type(i1) == map && i1.all(i2, i2.matches("(?s)^k") && (type(i1[i2]) == list && i1[i2].all(i3, i3 in [1])))))',
    );
    assert.equal(
      celOf(object({ a: required(object({ b: required(any) })) }), "v"),
      'type(v) == map && v.all(k0, k0 in ["a"]) && "a" in v && (type(v["a"]) == map && v["a"].all(k1, k1 in ["b"]) && "b" in v["a"])',
    );
  });

  it("has members that are known, and each of them once", () => {
    assert.equal(
      membershipExpression(named({ x: {} }, { y: {} }), "l"),
      'type(l) == list && l.all(i, type(i) == map && "name" in i && i["name"] in ["x","y"]) && l.exists_one(i, i["name"] == "x") && l.filter(i, i["name"] == "y").size() <= 1',
    );
  });
});
