import assert from "node:assert/strict";
import { forget, remember } from "../../../policy/rules/remember";
import { base64Words, hereDocuments, quotations, withoutActions } from "../../../policy/rules/script-parts";

describe("The here documents of a script", () => {
  const textsOf = (...lines: readonly string[]): readonly string[] => hereDocuments(lines.join("\n")).texts;

  it("are read up to each line that may be their end", () => {
    assert.deepEqual(textsOf("cat <<E", "one", "E", "two"), ["one"]);
    for (const end of ["\tE", "\t\tE"]) assert.deepEqual(textsOf("cat <<-E", "\tone", end, "two"), ["\tone"]);
    assert.deepEqual(textsOf("cat <<'E F'", "", "'one'", "E F"), ["\n'one'"]);
    assert.deepEqual(textsOf('cat <<"E"', "one", "E"), ["one"]);
    assert.deepEqual(textsOf("cat <<\\E", "one", "E"), ["one"]);
    assert.deepEqual(textsOf("cat <<E", "one", "E # not the end of a shell's", "two", "E"), [
      "one",
      "one\nE # not the end of a shell's\ntwo",
    ]);
  });

  it("begin after the line that names their end", () => {
    assert.deepEqual(textsOf("E", "cat <<E", "one", "E"), ["one"]);
    assert.deepEqual(textsOf("cat <<E", "E", "two", "E"), [""]);
    assert.deepEqual(textsOf("E", "cat <<E", "E x", "E"), ["", "E x"]);
  });

  it("are read without the carriage return of their last line", () => {
    assert.deepEqual(textsOf("cat <<E\r", "o\rne\r", "E\r", "two\r"), ["o\rne"]);
  });

  it("follow each other if a line begins several; each is also read as if it were the first", () => {
    assert.deepEqual(textsOf("cat <<A <<B", "one", "A", "two", "B"), ["one", "one\nA\ntwo", "two"]);
  });

  it("are none in a script without a redirection of that kind, nor in its text for a command", () => {
    assert.deepEqual(textsOf("echo one", "E"), []);
    assert.deepEqual(textsOf("cat <<<E", "one", "E"), []);
  });

  it("are read to the end of a script that does not end them", () => {
    assert.deepEqual(textsOf("cat <<E", "one", "two"), ["one\ntwo"]);
  });

  it("are limited in number, and more of them are reported", () => {
    const script = (count: number) => `${"<<E ".repeat(count)}\none\nE\n`;
    assert.deepEqual(hereDocuments(script(200)).more, false);
    const { texts, more } = hereDocuments(script(201));
    assert.deepEqual([texts.includes("one"), more], [true, true]);
  });
});

describe("The quotations of a script", () => {
  const cases: readonly (readonly [script: string, texts: readonly string[]])[] = [
    [`echo 'a' "b" "c"`, ["a", "b", "c"]],
    [`echo "" ''`, ["", ""]],
    [`echo "it's" 'a "b"'`, ["it's", 'a "b"']],
    ['echo "a\\"b\\$c\\`d\\\\e\\f"', ['a"b$c`d\\e\\f']],
    [`echo 'a\\' "b"`, ["a\\", "b"]],
    [`echo 'a\\"b'`, ['a\\"b']],
    [`echo \\" "x"`, ["x"]],
    [`# don't\necho "x" "y"`, ["x", "y"]],
    [`echo "x" don't "y"`, ["x", "y"]],
    [`echo "a\\"`, []],
    [`echo "a`, []],
    ["echo a", []],
    ["", []],
  ];
  for (const [script, texts] of cases) {
    it(`are ${JSON.stringify(texts)} in ${JSON.stringify(script)}`, () => {
      assert.deepEqual(quotations(script), texts);
    });
  }
});

describe("The Base64 words of a script", () => {
  it("are those that are long enough", () => {
    const word = "A".repeat(40);
    assert.deepEqual(base64Words(`echo ${word}== ${"B".repeat(39)} | base64 -d`), [`${word}==`]);
    assert.deepEqual(base64Words("echo a"), []);
  });
});

describe("A template without its actions", () => {
  it("has an empty line in place of a line of actions, and a word in place of any other action", () => {
    assert.equal(withoutActions("a: 1\n  \n {{ if x }}\t{{ y }}\nb: {{ x }}-y\n"), "a: 1\n  \n\nb: x-y\n");
    assert.equal(withoutActions("{{/* a\nb */}}kind: Pod"), "xkind: Pod");
  });

  it("keeps what is no action", () => {
    for (const text of ["", "a: {{ b", "a: }} b", "{ {a} }"]) assert.equal(withoutActions(text), text);
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
