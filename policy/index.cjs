// The SDK requires the folder of a pack with plain Node, and tsx runs the rest. The packages come first: tsx reads
// through whatever is loaded after it, which for them takes longer than all of the pack.
require("../toolchain/later.cjs");
require("@pulumi/policy");
require("tsx/cjs");
require("./index.ts");
