// A lock between processes of one machine that dies with its owner, however that ends: an abstract Unix socket,
// which the kernel gives to one process at a time and takes back when that process is gone.
const { createHash } = require("node:crypto");
const { createServer } = require("node:net");
const { setTimeout: sleep } = require("node:timers/promises");

const address = (name) => `\0fuse-test-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;

function tryLock(name) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(undefined) : reject(error)));
    server.listen(address(name), () => {
      server.unref();
      resolve(() => new Promise((done) => server.close(done)));
    });
  });
}

/** Waits until the lock is ours; resolves to the function that gives it back. */
async function lock({ name, waiting, timeoutMilliseconds }) {
  const deadline = Date.now() + timeoutMilliseconds;
  for (let attempt = 0; ; attempt += 1) {
    const release = await tryLock(name);
    if (release !== undefined) return release;
    if (attempt === 0) waiting();
    if (Date.now() > deadline) {
      throw new Error(
        `another process still holds the lock on ${name} after ${timeoutMilliseconds / 1000} s. Stop it, or wait, and run this again`,
      );
    }
    await sleep(200);
  }
}

module.exports = { lock };
