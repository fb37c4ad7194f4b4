// The SDK requires the folder of a pack with plain Node, and tsx runs the rest. What is large comes first: tsx reads
// through whatever is loaded after it, which for packages takes longer than all of the pack.
require("../../toolchain/later.cjs");
require("@pulumi/policy");
require("tsx/cjs");
require("./index.ts");
