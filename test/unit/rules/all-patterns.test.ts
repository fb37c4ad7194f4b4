import assert from "node:assert/strict";
import * as allowlist from "../../../policy/rules/allowlist";
import * as paths from "../../../policy/rules/host-path";
import { superLinear } from "../../support/backtracking";
import { literals, matchedPatterns, PATTERNS, patternsOfGuard } from "../../support/patterns";

/** Patterns that could be matched: the constants of the two files which hold them. */
const constants: Readonly<Record<string, unknown>> = { ...allowlist, ...paths };

/** Patterns that are no constants: those of the shapes, which are in the list by their place. */
const OF_SHAPES = ["shape.pattern", "shape.keys"];

describe("The list of patterns", () => {
  it("has every pattern of the guard", () => {
    const known = new Set(PATTERNS);
    assert.deepEqual(
      patternsOfGuard().filter((pattern) => !known.has(pattern)),
      [],
    );
    for (const pattern of ["NAMED_PATH", "DEVICE_VARIABLE", "DEVICE_DIRECTORY"]) {
      assert.equal(known.has(String(constants[pattern])), true, pattern);
    }
  });

  it("has every pattern that the rules match, or it is part of one that the guard has", () => {
    const matched = matchedPatterns().filter(({ pattern }) => !OF_SHAPES.includes(pattern));
    assert.ok(matched.length > 15);
    const missing = matched.filter(({ pattern }) => {
      const value = constants[pattern];
      return typeof value !== "string" || !PATTERNS.some((one) => one.includes(value));
    });
    assert.deepEqual(
      missing.filter(({ file }) => file !== "rules/pattern.ts"),
      [],
    );
  });
});

describe("A search for steps that grow faster than the text", () => {
  for (const known of [
    /^[a-z0-9]+(\/[a-z0-9]+([._/-]+[a-z0-9]+)*)*@$/su,
    /\/directory\/.*[Ff][Uu][Ss][Ee]/su,
    /\{\{(?:[^}]|\}(?!\}))*\}\}/g,
    /^[ \t]*(?:\{\{(?:[^}]|\}(?!\}))*\}\}[ \t]*)+$/gm,
    /\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/g,
    /(?:\/+proc\/+[^/\s]+\/+(?:root|cwd))?\/+(?:\.\/+)*tmp/,
    /^(a+)+$/,
    /\s+$/,
    /^.*x.*y$/s,
  ]) {
    it(`finds a text for ${String(known)}`, () => {
      assert.equal(typeof superLinear(known), "string");
    });
  }

  for (const known of [/^[^,]+,[^,]+$/, /a{1,3}b/, /(?<!\\)\\+u/g, /^([a-z]+[.])*x$/]) {
    it(`finds none for ${String(known)}`, () => {
      assert.equal(superLinear(known), undefined);
    });
  }
});

describe("A pattern of the policies takes no more than twice the steps for twice the text", function () {
  this.timeout(120_000);

  for (const source of PATTERNS) {
    it(`if it is ${source.slice(0, 80)}`, () => {
      assert.equal(superLinear(new RegExp(source, "su")), undefined);
    });
  }

  for (const { file, literal } of literals()) {
    it(`if it is ${String(literal).slice(0, 80)} of ${file}`, () => {
      assert.equal(superLinear(literal), undefined);
    });
  }
});
