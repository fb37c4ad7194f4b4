// Loaded by Node.js before the SDK's own programs, which load most of the SDK before the program that they run: by
// `NODE_OPTIONS`, which the launcher sets for the engine. Other programs that the engine starts are left as they are.
if (/[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run(-policy-pack)?[\\/]?(index\.js)?$/.test(process.argv[1] ?? ""))
  require("./lazy-sdk.cjs");
