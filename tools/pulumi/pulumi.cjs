#!/usr/bin/env node
// `npx pulumi`: Node.js runs the launcher from its bundle.
void require("../load.cjs").start("tools/pulumi/main.ts", process.argv.slice(2));
