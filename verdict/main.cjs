// The command that observes and judges, started by plain Node. What is large comes first, as in index.cjs.
require("../toolchain/launcher/broken-pipe.cjs");
require("zod");
require("../toolchain/kubernetes-client.cjs");
require("tsx/cjs");
require("./main.ts");
