import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { execute, type Execution } from "../../../tools/plugins/command/execute";
import { checkInputs, diffInputs, inputsOf } from "../../../tools/plugins/command/inputs";
import { asSecret, UNKNOWN } from "../../../tools/plugins/rpc/values";

function execution(commandLine: string, more: Partial<Execution> = {}): Execution {
  return {
    commandLine,
    interpreter: ["/bin/sh", "-c"],
    environment: {},
    folder: undefined,
    standardInput: undefined,
    cancelled: new AbortController().signal,
    onLine: () => undefined,
    ...more,
  };
}

/** What a process runs; empty for one that has ended, whether or not it was reaped. */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

describe("the command provider", () => {
  it("replaces a command whose triggers change, and updates it for anything else", () => {
    const olds = { create: "a", triggers: ["1"], stdout: "x" };
    assert.deepEqual(diffInputs(olds, { create: "a", triggers: ["1"] }).properties, []);
    assert.deepEqual(diffInputs(olds, { create: "a", triggers: ["2"] }).properties, [
      { path: "triggers", kind: "update", replaces: true },
    ]);
    assert.deepEqual(diffInputs(olds, { create: "b", update: "c", triggers: ["1"] }).properties, [
      { path: "create", kind: "update", replaces: false },
      { path: "update", kind: "add", replaces: false },
    ]);
    assert.deepEqual(diffInputs(olds, { create: "a" }).properties, [
      { path: "triggers", kind: "delete", replaces: true },
    ]);
  });

  it("sees no difference in that a value is a secret", () => {
    assert.deepEqual(diffInputs({ create: "a" }, { create: asSecret("a") }).properties, []);
    assert.equal(diffInputs({ create: "a" }, { create: asSecret("b") }).properties.length, 1);
  });

  it("takes an unknown trigger for another one", () => {
    assert.deepEqual(diffInputs({ triggers: ["1"] }, { triggers: [UNKNOWN] }).properties, [
      { path: "triggers", kind: "update", replaces: true },
    ]);
  });

  it("leaves out what is no input", () => {
    assert.deepEqual(inputsOf({ create: "a", stdout: "b", delete: null }), { create: "a" });
  });

  it("names inputs that it cannot honour", () => {
    assert.deepEqual(checkInputs({ create: "a", logging: "none", triggers: [UNKNOWN], dir: UNKNOWN }), []);
    assert.deepEqual(checkInputs({ environment: { A: 1 } }), [
      { property: "environment", reason: "has a wrong type; expected an object of strings" },
    ]);
    assert.deepEqual(checkInputs({ assetPaths: ["*"] }), [
      {
        property: "assetPaths",
        reason: "has a wrong type; expected nothing: assets need Pulumi's own command plugin",
      },
    ]);
    assert.match(
      checkInputs({ crate: "a" })[0]?.reason ?? "",
      /^is not an input of a command; expected one of /u,
    );
  });

  it("returns what a command prints without the last line's end", async () => {
    assert.deepEqual(await execute(execution("echo a; echo; echo b >&2")), { stdout: "a\n", stderr: "b" });
  });

  it("passes the environment, the folder and the standard input", async () => {
    const { stdout } = await execute(
      execution("echo $A; pwd; cat", { environment: { A: "x" }, folder: "/", standardInput: "y" }),
    );
    assert.equal(stdout, "x\n/\ny");
  });

  it("hands over each line as it is printed", async () => {
    const lines: [string, string][] = [];
    await execute(execution("echo a; echo b", { onLine: (stream, line) => lines.push([stream, line]) }));
    assert.deepEqual(lines, [
      ["stdout", "a"],
      ["stdout", "b"],
    ]);
  });

  it("tells the exit status and what a command printed that fails", async () => {
    await assert.rejects(execute(execution("echo a; echo b >&2; exit 7")), {
      message: 'exit status 7: running "echo a; echo b >&2; exit 7":\na\nb\n',
    });
    await assert.rejects(execute(execution("exit 3")), { message: 'exit status 3: running "exit 3":\n' });
  });

  it("names an interpreter that cannot be started", async () => {
    await assert.rejects(
      execute(execution("a", { interpreter: ["/nonexistent"] })),
      /^Error: cannot start \/nonexistent: .*; check "interpreter" and "dir"$/u,
    );
  });

  it("ends a command with all that it has started when it is cancelled", async () => {
    const controller = new AbortController();
    const pids: number[] = [];
    const running = execute(
      execution("sleep 1000 & echo $!; wait", {
        cancelled: controller.signal,
        onLine: (_stream, line) => {
          pids.push(Number(line));
          controller.abort();
        },
      }),
    );
    await assert.rejects(running, /^Error: cancelled: running "sleep 1000 & /u);
    assert.equal(pids.length, 1);
    assert.equal(commandLineOf(pids[0] ?? 0), "");
  });
});
