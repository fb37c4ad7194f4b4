// The SDK requires this file with plain Node.js.
require("../toolchain/later.cjs");
require("../toolchain/load.cjs").load("policy/index.ts");
