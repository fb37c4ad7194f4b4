import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { lock } from "../../../tools/lock.cjs";
import { inFolder } from "./support";

const MODULE = join(__dirname, "../../../tools/lock.cjs");

/** A process that takes the lock, says so, and keeps it until it is killed. */
async function startOwner(file: string): Promise<ChildProcess> {
  const script = `require(${JSON.stringify(MODULE)}).lock({ file: ${JSON.stringify(file)}, waiting() {},
    timeoutMilliseconds: 5000 }).then(() => { console.log("mine"); setInterval(() => {}, 1000); })`;
  const owner = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  await once(owner.stdout, "data");
  return owner;
}

describe("The lock", () => {
  it("goes to one of two at a time, and tells the other that it waits", () =>
    inFolder(async (folder) => {
      const file = join(folder, "some", "lock");
      const events: string[] = [];
      const waiting = (): void => {
        events.push("second waits");
        release();
        events.push("first released");
      };
      const unexpected = (): void => assert.fail("no user else had the lock");
      const release = await lock({ file, waiting: unexpected, timeoutMilliseconds: 5000 });
      const second = await lock({ file, waiting, timeoutMilliseconds: 5000 });
      second();
      assert.deepEqual(events, ["second waits", "first released"]);
    }));

  it("is free as soon as an owner that was killed is gone", () =>
    inFolder(async (folder) => {
      const file = join(folder, "some", "lock");
      const owner = await startOwner(file);
      const ended = once(owner, "exit");
      let waited = 0;
      const waiting = (): void => {
        waited += 1;
        owner.kill("SIGKILL");
      };
      const release = await lock({ file, waiting, timeoutMilliseconds: 5000 });
      release();
      await ended;
      assert.equal(waited, 1);
    }));

  it("is not waited for beyond the deadline", () =>
    inFolder(async (folder) => {
      const file = join(folder, "some", "lock");
      const owner = await startOwner(file);
      try {
        await assert.rejects(lock({ file, waiting: () => undefined, timeoutMilliseconds: 100 }), {
          message: `another process still holds the lock ${file} after 0.1 s. Stop it, or wait, and run this again`,
        });
      } finally {
        owner.kill("SIGKILL");
      }
    }));

  it("of one name does not keep any user from another", () =>
    inFolder(async (folder) => {
      const file = join(folder, "some", "lock");
      const unexpected = (): void => assert.fail("these are two locks");
      const first = await lock({ file, waiting: unexpected, timeoutMilliseconds: 100 });
      const second = await lock({ file: `${file}-other`, waiting: unexpected, timeoutMilliseconds: 100 });
      first();
      second();
    }));
});
