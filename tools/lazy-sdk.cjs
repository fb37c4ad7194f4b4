// Lets parts of the SDK wait until something of them is used. What serializes functions, for dynamic providers and the
// like, loads a compiler and a package manager: half a second of every update and preview, and nothing here uses it.
const Module = require("node:module");

/**
 * Loads a module, all exports of which are functions, when one is first called: unless it is loaded, or not there.
 * @param {string} name
 */
function later(name) {
  let path;
  try {
    path = require.resolve(name);
  } catch {
    // Another version of the SDK: it loads what it wants.
    return;
  }
  if (require.cache[path] !== undefined) return;
  const placeholder = new Module(path);
  const load = () => {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    if (require.cache[path] === placeholder) delete require.cache[path];
    return require(path);
  };
  placeholder.filename = path;
  placeholder.loaded = true;
  placeholder.exports = new Proxy(
    {},
    {
      get:
        (_, name) =>
        /** @param {unknown[]} values */
        (...values) =>
          load()[name](...values),
    },
  );
  require.cache[path] = placeholder;
}

later("@pulumi/pulumi/runtime/closure/codePaths");
later("@pulumi/pulumi/runtime/closure/serializeClosure");
