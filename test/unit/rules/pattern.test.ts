import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { anyCase, matches, matchesExpression, portable } from "../../../policy/rules/pattern";

const rules = join(__dirname, "..", "..", "..", "policy", "rules");

describe("A pattern", () => {
  for (const source of [
    "\\d",
    "\\w+",
    "\\bfuse",
    "(?i)a",
    "(?=a)",
    "(a)\\1",
    "[[:alpha:]]",
    "\\u0041",
    "\\.",
    "[]a]",
  ]) {
    it(`is refused with ${source}, which JavaScript and RE2 do not read alike`, () => {
      assert.throws(() => portable(source), /^Error: not the same in JavaScript and RE2/);
    });
  }

  it("has any character for a dot, and ends where the text ends", () => {
    for (const newline of ["\n", "\r", "\u2028", "\u2029", "\u0000", "\u{1f600}"]) {
      assert.equal(matches("^a.b$", `a${newline}b`), true);
    }
    assert.equal(matches("^a$", "a\n"), false);
    assert.equal(matches("^b$", "a\nb\nc"), false);
  });

  it("in any case is of ASCII letters alone", () => {
    const fuse = `^${anyCase("fuse")}$`;
    for (const text of ["fuse", "FUSE", "fUsE"]) assert.equal(matches(fuse, text), true);
    for (const text of ["fu\u017fe", "\uff46use", "fuse "]) assert.equal(matches(fuse, text), false);
  });

  it("is reported to the API server with the same meaning", () => {
    assert.equal(matchesExpression("a.b", "^x$"), 'a.b.matches("(?s)^x$")');
  });

  it("is the only way in which rules that the API server shares match a text", () => {
    const shared = readdirSync(rules).filter(
      (file) =>
        ![
          "pattern.ts",
          "embedded.ts",
          "kinds.ts",
          "unreadable.ts",
          "search.ts",
          "check.ts",
          "suspicion.ts",
          "spelling.ts",
        ].includes(file),
    );
    for (const file of shared) {
      const source = readFileSync(join(rules, file), "utf8");
      assert.doesNotMatch(source, /new RegExp|[.]matches\(|[.]test\(/, file);
    }
  });
});
