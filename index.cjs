// The engine runs this with plain Node, and tsx runs the rest. The packages come first: tsx reads through whatever is
// loaded after it, which for them takes longer than all of the program.
require("@pulumi/kubernetes");
require("@pulumi/command");
require("tsx/cjs");
module.exports = require("./index.ts");
