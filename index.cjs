// The engine requires this file with plain Node.js.
require("./tools/lazy-sdk.cjs");
module.exports = require("./tools/load.cjs").load("index.ts");
