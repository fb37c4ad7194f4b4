import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { runChild } from "../../../tools/child.cjs";
import { until } from "../../support/waiting";
import { writeProgram } from "./programs";
import { inFolder } from "./support";

const CHILD = join(__dirname, "../../../tools/child.cjs");

/** Runs a program by runChild in a process of its own, which prints how it ended. */
const PARENT = `
  const { runChild } = require(${JSON.stringify(CHILD)});
  runChild(process.argv[1], [], { stdio: "ignore" }).then(
    ({ status }) => console.log("status", status),
    ({ message, status }) => console.log(message, status),
  );
`;

/** Returns true if a process runs. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Returns true if a file has a whole line. */
function isWritten(file: string): boolean {
  return existsSync(file) && readFileSync(file, "utf8").endsWith("\n");
}

interface Interrupted {
  readonly printed: string;
  /** The signals that the program has received. */
  readonly received: string;
}

/** Interrupts a program that has started another one; neither may be left. */
function interrupt(onSignal: string, ...signals: readonly NodeJS.Signals[]): Promise<Interrupted> {
  return inFolder(async (folder) => {
    const [ready, received, other] = ["ready", "received", "other"].map((name) => join(folder, name));
    assert.ok(ready !== undefined && received !== undefined && other !== undefined);
    const program = writeProgram(
      join(folder, "program"),
      "sleep 60 &",
      `echo $! > ${other}`,
      `for name in INT TERM HUP; do trap "echo $name >> ${received}; ${onSignal}" $name; done`,
      // It waits without starting programs: a shell may lose a signal while it starts one.
      `mkfifo ${folder}/silence; exec 3<> ${folder}/silence`,
      `: > ${ready}`,
      "while :; do read -r line <&3; done",
    );
    const parent = spawn(process.execPath, ["-e", PARENT, program], { stdio: ["ignore", "pipe", "inherit"] });
    const printed = text(parent.stdout);
    await until("the program is ready", 10, () => Promise.resolve(existsSync(ready)));
    let count = 0;
    for (const signal of signals) {
      parent.kill(signal);
      count += 1;
      if (count < signals.length)
        await until("the program has the signal", 10, () => Promise.resolve(isWritten(received)));
    }
    const ended = { printed: await printed, received: readFileSync(received, "utf8") };
    const pid = Number(readFileSync(other, "utf8"));
    await until("the other program is gone", 5, () => Promise.resolve(!runs(pid)));
    return ended;
  });
}

describe("A program that stops when this process is interrupted", function () {
  this.timeout(20_000);

  it("returns its status and what it printed", () =>
    inFolder(async (folder) => {
      const program = writeProgram(join(folder, "program"), "echo out; echo err >&2; exit 7");
      assert.deepEqual(await runChild(program, [], {}), { status: 7, stdout: "out\n", stderr: "err\n" });
    }));

  it("has the status that shells give to the signal by which it was killed", () =>
    inFolder(async (folder) => {
      const program = writeProgram(join(folder, "program"), "kill -9 $$");
      assert.deepEqual(await runChild(program, [], {}), { status: 137, stdout: "", stderr: "" });
    }));

  it("is killed at its deadline", () =>
    inFolder(async (folder) => {
      const program = writeProgram(join(folder, "program"), "sleep 60");
      await assert.rejects(runChild(program, [], { timeoutMilliseconds: 300 }), {
        message: `${program} did not exit within 0.3 s and was killed`,
      });
    }));

  it("that is not installed is an error in one line", async () => {
    await assert.rejects(runChild("/nowhere/program", [], {}), {
      message: "/nowhere/program cannot be started: it is not installed",
    });
  });

  for (const [signal, name, status] of [
    ["SIGINT", "INT", 130],
    ["SIGTERM", "TERM", 143],
    ["SIGHUP", "HUP", 129],
  ] as const)
    it(`gets ${signal} once, and nothing that it has started is left`, async () => {
      const { printed, received } = await interrupt("exit 1", signal);
      assert.equal(printed, `interrupted (${signal}) ${status}\n`);
      assert.equal(received, `${name}\n`);
    });

  it("is killed at the second interrupt, with the status of the first", async () => {
    const { printed, received } = await interrupt(":", "SIGTERM", "SIGINT");
    assert.equal(printed, "interrupted (SIGTERM) 143\n");
    assert.equal(received, "TERM\n");
  });

  it("leaves no listener behind", async () => {
    const before = process.listenerCount("SIGINT");
    await runChild("true", [], {});
    await runChild("/nowhere/program", [], {}).catch(() => undefined);
    assert.equal(process.listenerCount("SIGINT"), before);
  });
});
