import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { causes } from "../../../verdict/causes";

const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "troubleshooting.md"), "utf8");

describe("docs/troubleshooting.md", () => {
  const codes = causes.map(({ code }) => code);
  const sections = [...page.matchAll(/^### (\S+)$/gm)].map(([, code]) => code ?? "");

  it("has a section for every cause, and a cause for every section, root first", () => {
    assert.deepEqual(sections, codes);
  });

  it("gives a command to type in every section", () => {
    for (const section of page.split(/^### /m).slice(1))
      assert.match(section, /```sh\n\S+/, section.slice(0, 40));
  });

  it("links to nothing that is not there, and to every cause from a symptom", () => {
    const links = [...page.matchAll(/\(#([^)]+)\)/g)].map(([, code]) => code ?? "");
    assert.deepEqual([...new Set(links)].sort(), [...codes].sort());
  });
});
