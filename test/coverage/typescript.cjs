// Runs TypeScript by the compiler's own transpiler. What tsx makes of a module has branches of its own, which no
// source has and no test can take: coverage by branch could not be complete.
const { readFileSync } = require("node:fs");
const ts = require("typescript");

const compilerOptions = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  esModuleInterop: true,
  inlineSourceMap: true,
};

const transpiled = new Map();

function transpile(file) {
  const known = transpiled.get(file);
  if (known !== undefined) return known;
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), { fileName: file, compilerOptions });
  transpiled.set(file, outputText);
  return outputText;
}

require.extensions[".ts"] = (module, file) => {
  module._compile(transpile(file), file);
};
