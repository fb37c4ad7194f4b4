import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ARCHITECTURE, importGraph, mutualImports, withPicture } from "../../tools/lint/imports";

describe("the imports", () => {
  it("are drawn in docs/architecture.md as they are", () => {
    const document = readFileSync(ARCHITECTURE, "utf8");
    assert.equal(withPicture(document), document, "run: npm run picture");
  });

  it("are drawn again when one is added, and need a place in the document", () => {
    const document = readFileSync(ARCHITECTURE, "utf8");
    assert.notEqual(document.replace(/ +manifests -->.*\n/, ""), document);
    assert.equal(withPicture(document.replace(/ +manifests -->.*\n/, "")), document);
    assert.throws(() => withPicture("# Architecture\n"), /lacks/);
  });

  it("run in one direction", () => {
    assert.deepEqual(mutualImports(importGraph()), []);
    const graph = new Map([
      ["a", new Map([["b", 1]])],
      ["b", new Map([["a", 1]])],
    ]);
    assert.deepEqual(mutualImports(graph), ["a, b"]);
  });
});
