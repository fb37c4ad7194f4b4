// The SDK requires this file with plain Node.js.
require("../../tools/lazy-sdk.cjs");
require("../../tools/stack-traces.cjs");
require("../../tools/load.cjs").load("policy/organization/index.ts");
