import assert from "node:assert/strict";
import fc from "fast-check";
import { fromPerson, PROJECT_FOLDER } from "../../../tools/command-line/folder";
import { nearest, nearestFirst, suggest } from "../../../tools/command-line/nearest";
import { lastRun, newRun, withChoices } from "../../../config/run-id";
import { inFolder } from "../setup/support";

describe("the nearest word", () => {
  it("is the one that a slip of the finger was meant to be", () => {
    const cases: readonly (readonly [string, readonly string[], string | undefined])[] = [
      ["qick", ["standard", "full", "quick"], "quick"],
      ["LOCAL", ["homelab", "local"], "local"],
      ["hom", ["local", "homelab"], "homelab"],
      ["private", ["hung-daemon", "private-root"], "private-root"],
      ["xyzzy", ["local", "homelab"], undefined],
      ["", ["local"], undefined],
      ["local", [], undefined],
    ];
    for (const [word, candidates, meant] of cases) assert.equal(nearest(word, candidates), meant, word);
  });

  it("comes first in the list of all, which loses none and repeats none", () => {
    assert.deepEqual(nearestFirst("homlab", ["local", "homelab", "local"]), ["homelab", "local"]);
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (word, candidates) => {
        assert.deepEqual(nearestFirst(word, candidates).sort(), [...new Set(candidates)].sort());
      }),
    );
  });

  it("is asked for in one line that names all", () => {
    assert.equal(
      suggest("lcal", ["homelab", "local"]),
      "Did you mean local? Expected one of: local, homelab",
    );
    assert.equal(suggest("zzzzzz", ["homelab", "local"]), "Expected one of: local, homelab");
  });
});

describe("a file that a person names", () => {
  it("is looked for where the person is, although npm runs scripts in the project's folder", () => {
    assert.equal(fromPerson("a", { INIT_CWD: "/home/me" }, PROJECT_FOLDER), "/home/me/a");
    assert.equal(fromPerson("a", {}, "/somewhere"), "/somewhere/a");
    assert.equal(fromPerson("a", { INIT_CWD: "/of/another/script" }, "/somewhere"), "/somewhere/a");
    assert.equal(fromPerson("/a", { INIT_CWD: "/home/me" }, PROJECT_FOLDER), "/a");
  });
});

describe("what is chosen for a run", () => {
  it("takes the place of the configuration until that says something new, or there is another run", () =>
    inFolder((folder) => {
      const now = new Date("2026-11-24T11:02:42.341Z");
      const chosen = { suite: "full" };
      assert.equal(newRun("org/project/local", { now, folder, chosen }), "20261124-110242-341");
      const last = lastRun("local", folder);
      assert.equal(last?.run, "20261124-110242-341");
      assert.deepEqual(withChoices({ node: "w2" }, last), { node: "w2", suite: "full" });
      assert.deepEqual(withChoices({ suite: "quick" }, last), { suite: "quick" });
      newRun("local", { folder });
      assert.deepEqual(withChoices({ node: "w2" }, lastRun("local", folder)), { node: "w2" });
      assert.equal(lastRun("other", folder), undefined);
    }));
});
