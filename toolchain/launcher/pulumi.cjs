#!/usr/bin/env node
// `npx pulumi`: the engine that setup chose, with this project's home, backend and passphrase where none are set.
const { mkdirSync } = require("node:fs");
const { replaceBy } = require("./child.cjs");
const { backendFolder, engineEnvironment, readEngine } = require("./homes.cjs");
const { mendLocks } = require("./locks.cjs");

function main() {
  const engine = readEngine();
  const added = engineEnvironment(engine);
  if (added.PULUMI_BACKEND_URL !== undefined) mkdirSync(backendFolder(), { recursive: true, mode: 0o700 });
  const env = { ...process.env, ...added };
  const args = process.argv.slice(2);
  mendLocks({
    args,
    backend: env.PULUMI_BACKEND_URL,
    say: (line) => process.stderr.write(`pulumi: ${line}\n`),
  });
  replaceBy({
    command: engine.bin,
    args,
    env,
    notStarted: (error) => `pulumi: ${engine.bin} cannot be started (${error.code}). Run: npm run setup`,
  });
}

try {
  main();
} catch (error) {
  process.stderr.write(`pulumi: ${error.message}\n`);
  process.exitCode = 1;
}
