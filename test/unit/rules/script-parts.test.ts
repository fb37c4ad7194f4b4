import assert from "node:assert/strict";
import { forget, remember } from "../../../policy/rules/remember";
import { hereDocuments } from "../../../policy/rules/script-parts";

describe("The here documents of a script", () => {
  const textsOf = (...lines: readonly string[]): readonly string[] => hereDocuments(lines.join("\n")).texts;

  it("are read up to each line that may be their end", () => {
    assert.ok(textsOf("cat <<E", "one", "E", "two").includes("one"));
    assert.ok(textsOf("cat <<-E", "\tone", "\tE", "two").some((text) => text.includes("one")));
    assert.ok(
      textsOf("cat <<E", "one", "E # not the end of a shell's", "two", "E").some((text) =>
        text.includes("two"),
      ),
    );
    assert.ok(textsOf("cat <<'E F'", "", "'one'", "E F").some((text) => text.includes("'one'")));
  });

  it("are none in a script without a redirection of that kind, nor in its text for a command", () => {
    assert.deepEqual(textsOf("echo one", "E"), []);
    assert.deepEqual(textsOf("cat <<<E", "one", "E"), []);
  });

  it("are read to the end of a script that does not end them", () => {
    assert.ok(textsOf("cat <<E", "one", "two").some((text) => text.includes("two")));
  });
});

describe("Remembered results", () => {
  it("are computed once for each text, until they are removed", () => {
    let computed = 0;
    const length = remember((text) => {
      computed += 1;
      return text.length;
    });
    assert.deepEqual([length("a"), length("a"), length("bc"), computed], [1, 1, 2, 2]);
    forget();
    assert.deepEqual([length("a"), computed], [1, 3]);
  });

  it("are limited in number", () => {
    let computed = 0;
    const same = remember((text) => {
      computed += 1;
      return text;
    });
    for (let index = 0; index <= 1000; index += 1) same(`text ${index}`);
    assert.equal(same("text 0"), "text 0");
    assert.equal(computed, 1002);
  });
});
