// The engine requires this file with plain Node.js.
require("./tools/lazy-sdk.cjs");
require("./tools/stack-traces.cjs");
module.exports = require("./tools/load.cjs").load("index.ts");
