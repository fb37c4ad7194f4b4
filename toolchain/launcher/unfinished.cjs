// Gets the way clear for an update after a destroy that came to no good end: the state may know objects that are gone, or
// that go in a moment.
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");

/** What reading the state may take, in milliseconds. */
const EXPORT_TIMEOUT = 30_000;

/** What waiting for the namespace may take, in milliseconds: the command itself gives up after 60 s. */
const SETTLE_TIMEOUT = 90_000;

const PROJECT = join(__dirname, "..", "..");

/** The commands that clean: each has in the state what they all have to know. */
const CLEANING = /::fuse-test-(?:namespace-removal|janitor|pod-removal)$/;

/** What a cleaning command is told of cluster and namespace, as the stack's state has it; undefined where it has none. */
function cleaningRequest(deployment) {
  try {
    const { inputs } = deployment.resources.find(
      ({ type, urn }) => type === "command:local:Command" && CLEANING.test(urn),
    );
    return JSON.parse(inputs.stdin) ?? undefined;
  } catch {
    return undefined;
  }
}

function readDeployment(engine, env, where) {
  const { stdout } = spawnSync(engine.bin, ["stack", "export", "--non-interactive", ...where], {
    env,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
    timeout: EXPORT_TIMEOUT,
  });
  try {
    return JSON.parse(stdout).deployment;
  } catch {
    return undefined;
  }
}

/**
 * Waits until the stack's namespace is gone, where it is being deleted.
 * @param env the engine's environment; `where` says which stack is meant.
 * @returns whether the cluster can be asked what is still there. Where it cannot, the program says so, with a verdict.
 */
function settle({ engine, env, where }) {
  const request = cleaningRequest(readDeployment(engine, env, where));
  if (request === undefined) return true;
  const { status } = spawnSync(process.execPath, [join(PROJECT, "lifecycle", "main.cjs"), "--request", "-"], {
    cwd: PROJECT,
    env,
    input: JSON.stringify({ ...request, mode: "settle" }),
    stdio: ["pipe", "ignore", "inherit"],
    timeout: SETTLE_TIMEOUT,
  });
  return status === 0;
}

module.exports = { cleaningRequest, settle };
