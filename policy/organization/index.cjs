// The SDK requires the folder of a pack with plain Node: tsx runs the rest of it.
require("tsx/cjs");
require("./index.ts");
