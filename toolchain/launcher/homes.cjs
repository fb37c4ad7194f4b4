// Where this project keeps things, and the environment that its engine runs in. Plain CommonJS without
// dependencies, because the launcher runs before anything is installed; toolchain/*.ts use the same rules.
const { readFileSync } = require("node:fs");
const { homedir } = require("node:os");
const { delimiter, join } = require("node:path");

const ENGINE_VERSION = "3.259.0";
const KUBERNETES_VERSION = "1.34.4";

const cacheHome = (env = process.env) =>
  env.FUSE_TEST_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "fuse-test");

const stateHome = (env = process.env) =>
  env.FUSE_TEST_STATE || join(env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "fuse-test");

const pulumiHome = (env = process.env) => join(cacheHome(env), "pulumi");

const kubernetesBin = (env = process.env) => join(cacheHome(env), "kubernetes", KUBERNETES_VERSION);

const backendFolder = (env = process.env) => join(stateHome(env), "pulumi");

const engineRecord = (env = process.env) => join(cacheHome(env), "engine.json");

/** The engine that setup chose. */
function readEngine(env = process.env) {
  try {
    return JSON.parse(readFileSync(engineRecord(env), "utf8"));
  } catch (error) {
    throw new Error(
      `the Pulumi engine is not set up (${engineRecord(env)}: ${error.code ?? "not JSON"}). Run: npm run setup`,
    );
  }
}

/** What to add to an environment so that the engine finds this project's home, state and plugins. */
function engineEnvironment(engine, env = process.env) {
  const unset = (name) => env[name] === undefined || env[name] === "";
  const added = { PATH: [...engine.path, env.PATH].filter(Boolean).join(delimiter) };
  if (unset("PULUMI_HOME")) added.PULUMI_HOME = pulumiHome(env);
  if (unset("PULUMI_BACKEND_URL") && unset("PULUMI_ACCESS_TOKEN")) {
    added.PULUMI_BACKEND_URL = `file://${backendFolder(env)}`;
  }
  if (env.PULUMI_CONFIG_PASSPHRASE === undefined && unset("PULUMI_CONFIG_PASSPHRASE_FILE")) {
    added.PULUMI_CONFIG_PASSPHRASE = "";
  }
  if (unset("PULUMI_SKIP_UPDATE_CHECK")) added.PULUMI_SKIP_UPDATE_CHECK = "true";
  return added;
}

module.exports = {
  ENGINE_VERSION,
  KUBERNETES_VERSION,
  cacheHome,
  stateHome,
  pulumiHome,
  kubernetesBin,
  backendFolder,
  engineRecord,
  readEngine,
  engineEnvironment,
};
