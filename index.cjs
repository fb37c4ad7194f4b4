// The engine runs this with plain Node, and tsx runs the rest. What is large comes first: tsx reads through whatever is
// loaded after it, which for packages takes longer than all of the program.
require("./toolchain/later.cjs");
require("@pulumi/kubernetes");
require("@pulumi/command");
require("yaml");
require("zod");
require("./toolchain/kubernetes-client.cjs");
require("tsx/cjs");
module.exports = require("./index.ts");
