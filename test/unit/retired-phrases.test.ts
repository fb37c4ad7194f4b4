import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Linter } from "eslint";
import { findRetired, phrases, rule } from "../../tools/lint/retired-phrases.cjs";

const project = join(__dirname, "..", "..");

function lint(code: string): string[] {
  const config = {
    plugins: { local: { rules: { "retired-phrases": rule } } },
    rules: { "local/retired-phrases": "error" as const },
  };
  return new Linter().verify(code, config).map(({ message }) => message);
}

describe("the lint of retired phrases", () => {
  for (const { sample, instead } of phrases) {
    it(`refuses in a comment, a string and a template: ${JSON.stringify(instead)}`, () => {
      const quoted = JSON.stringify(sample);
      for (const code of [`/** ${sample} */`, `// ${sample}`, `f(${quoted});`, `f(\`\${x} ${sample}\`);`])
        assert.equal(
          lint(code).some((message) => message.endsWith(`: ${instead}`)),
          true,
          code,
        );
    });
  }

  it("refuses a comment without its verb or noun, but not a question or a continued sentence", () => {
    for (const word of ["What", "How", "Whether", "That", "Where", "Who", "Whose"])
      assert.equal(lint(`/** ${word} the run ends. */`).length, 1, word);
    assert.deepEqual(lint("// How long does it take?"), []);
    assert.deepEqual(lint("// Returns the reason.\n// What follows is not a sentence of its own."), []);
    assert.deepEqual(lint('f("What is read");'), []);
  });

  it("finds none in the shell programs and the documents", () => {
    const list = ["ls-files", "*.sh", "*.md", ".ci/run"];
    const files = execFileSync("git", list, { cwd: project, encoding: "utf8" }).split("\n");
    const found = files
      // The style guide quotes the phrases.
      .filter((file) => file !== "" && file !== "CONTRIBUTING.md")
      .filter((file) => !file.startsWith("docs/example/"))
      .flatMap((file) =>
        readFileSync(join(project, file), "utf8")
          .split("\n")
          .flatMap((line, index) => findRetired(line).map((message) => `${file}:${index + 1}: ${message}`)),
      );
    assert.deepEqual(found, []);
  });
});
