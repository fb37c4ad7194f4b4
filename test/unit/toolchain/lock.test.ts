import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { lock } from "../../../toolchain/launcher/lock.cjs";
import { inFolder } from "./support";

const MODULE = join(__dirname, "../../../toolchain/launcher/lock.cjs");

/** A process that takes the lock, says so, and keeps it until it is killed. */
async function startOwner(name: string): Promise<ChildProcess> {
  const script = `require(${JSON.stringify(MODULE)}).lock({ name: ${JSON.stringify(name)}, waiting() {},
    timeoutMilliseconds: 5000 }).then(() => { console.log("mine"); setInterval(() => {}, 1000); })`;
  const owner = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(owner.stdout, "data");
  return owner;
}

describe("The lock", () => {
  it("goes to one of two at a time, and tells the other that it waits", () =>
    inFolder(async (name) => {
      const events: string[] = [];
      const waiting = (): void => {
        events.push("second waits");
        void release().then(() => events.push("first released"));
      };
      const unexpected = (): void => assert.fail("nobody else had the lock");
      const release = await lock({ name, waiting: unexpected, timeoutMilliseconds: 5000 });
      const second = await lock({ name, waiting, timeoutMilliseconds: 5000 });
      await second();
      assert.deepEqual(events, ["second waits", "first released"]);
    }));

  it("is free as soon as an owner that was killed is gone", () =>
    inFolder(async (name) => {
      const owner = await startOwner(name);
      const ended = once(owner, "exit");
      let waited = 0;
      const waiting = (): void => {
        waited += 1;
        owner.kill("SIGKILL");
      };
      const release = await lock({ name, waiting, timeoutMilliseconds: 5000 });
      await release();
      await ended;
      assert.equal(waited, 1);
    }));

  it("is not waited for beyond the deadline", () =>
    inFolder(async (name) => {
      const owner = await startOwner(name);
      try {
        await assert.rejects(lock({ name, waiting: () => undefined, timeoutMilliseconds: 100 }), {
          message: `another process still holds the lock on ${name} after 0.1 s. Stop it, or wait, and run this again`,
        });
      } finally {
        owner.kill("SIGKILL");
      }
    }));

  it("of one name does not keep anybody from another", () =>
    inFolder(async (name) => {
      const unexpected = (): void => assert.fail("these are two locks");
      const first = await lock({ name, waiting: unexpected, timeoutMilliseconds: 100 });
      const second = await lock({ name: `${name}-other`, waiting: unexpected, timeoutMilliseconds: 100 });
      await Promise.all([first(), second()]);
    }));
});
