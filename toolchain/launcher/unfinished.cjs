// Gets the way clear for an update after a destroy that came to no good end: the state may know objects that are gone, or
// that go in a moment.
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");

/** What reading the state may take, in milliseconds. */
const EXPORT_TIMEOUT = 30_000;

/** What waiting for the namespace may take, in milliseconds: the command itself gives up after 60 s. */
const SETTLE_TIMEOUT = 90_000;

const PROJECT = join(__dirname, "..", "..");

/** The request of the command that removes the namespace, as the stack's state has it; undefined where it has none. */
function namespaceRequest(deployment) {
  try {
    const { inputs } = deployment.resources.find(
      ({ type, urn }) => type === "command:local:Command" && urn.endsWith("::fuse-test-namespace-removal"),
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
 * Waits until the stack's namespace is gone, where it is being deleted. As well as it can be done: an update that finds
 * it going is refused by the program.
 * @param env the engine's environment; `where` says which stack is meant.
 */
function settle({ engine, env, where }) {
  const request = namespaceRequest(readDeployment(engine, env, where));
  if (request === undefined) return;
  spawnSync(process.execPath, [join(PROJECT, "lifecycle", "main.cjs"), "--request", "-"], {
    cwd: PROJECT,
    env,
    input: JSON.stringify({ ...request, mode: "settle" }),
    stdio: ["pipe", "ignore", "inherit"],
    timeout: SETTLE_TIMEOUT,
  });
}

module.exports = { namespaceRequest, settle };
