// The engine requires this file with plain Node.js.
require("./toolchain/later.cjs");
module.exports = require("./toolchain/load.cjs").load("index.ts");
