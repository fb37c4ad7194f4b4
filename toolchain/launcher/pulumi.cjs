#!/usr/bin/env node
// `npx pulumi`: the engine that setup chose, with this project's home, backend and passphrase where none are set.
const { mkdirSync } = require("node:fs");
const { replaceBy } = require("./child.cjs");
const { backendFolder, engineEnvironment, readEngine } = require("./homes.cjs");

function main() {
  const engine = readEngine();
  const added = engineEnvironment(engine);
  if (added.PULUMI_BACKEND_URL !== undefined) mkdirSync(backendFolder(), { recursive: true, mode: 0o700 });
  replaceBy({
    command: engine.bin,
    args: process.argv.slice(2),
    env: { ...process.env, ...added },
    notStarted: (error) => `pulumi: ${engine.bin} cannot be started (${error.code}). Run: npm run setup`,
  });
}

try {
  main();
} catch (error) {
  process.stderr.write(`pulumi: ${error.message}\n`);
  process.exitCode = 1;
}
