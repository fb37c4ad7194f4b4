import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { preventEngineLog } from "../../../tools/pulumi/engine-log";

describe("the engine's automatic log", () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "fuse-test-home-"));
  });

  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  const isFile = (): boolean => lstatSync(join(home, "logs")).isFile();

  it("is prevented by a file in place of its folder, which stays as it is", () => {
    preventEngineLog(home);
    assert.equal(isFile(), true);
    assert.throws(() => mkdirSync(join(home, "logs"), { recursive: true }), { code: "EEXIST" });
    const { mtimeMs, ino } = lstatSync(join(home, "logs"));
    preventEngineLog(home);
    assert.deepEqual(
      [lstatSync(join(home, "logs")).mtimeMs, lstatSync(join(home, "logs")).ino],
      [mtimeMs, ino],
    );
    assert.deepEqual(readdirSync(home), ["logs"]);
  });

  it("is removed if it was written before, and nothing else is", () => {
    mkdirSync(join(home, "logs"));
    mkdirSync(join(home, "plugins"));
    writeFileSync(join(home, "logs", "organization+fuse-test+local-20261128T024616.log"), "PLOG");
    preventEngineLog(home);
    assert.equal(isFile(), true);
    assert.deepEqual(readdirSync(home), ["logs", "plugins"]);
  });

  it("is left alone if the user has linked it to another folder", () => {
    mkdirSync(join(home, "elsewhere"));
    writeFileSync(join(home, "elsewhere", "one.log"), "PLOG");
    symlinkSync(join(home, "elsewhere"), join(home, "logs"));
    preventEngineLog(home);
    assert.equal(lstatSync(join(home, "logs")).isSymbolicLink(), true);
    assert.deepEqual(readdirSync(join(home, "elsewhere")), ["one.log"]);
  });

  it("is no reason to fail if the home folder does not exist", () => {
    preventEngineLog(join(home, "missing"));
    assert.equal(existsSync(join(home, "missing")), false);
  });
});
