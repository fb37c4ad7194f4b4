// Lets parts of the SDK wait until something of them is used: what serializes functions, for dynamic providers and the
// like, loads a compiler and a package manager; the Automation API loads parsers; tracing loads exporters; a policy pack
// loads a compiler, whatever it is written in. Together they take more time of every update and preview than the program,
// and nothing here uses them. What the SDK has loaded before this file stays as it is: see preload.cjs.
const Module = require("node:module");

/** Loaders of files by their extension. */
// eslint-disable-next-line @typescript-eslint/no-deprecated
const loaders = require.extensions;

/**
 * Loads a module when something of it is first used: unless it is loaded, or not there.
 * @param {string} name
 * @param {(load: () => any, name: string | symbol) => unknown} get returns what an export is until then
 */
function later(name, get) {
  let path;
  try {
    path = require.resolve(name);
  } catch {
    // Another version of the SDK: it loads its modules itself.
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
  placeholder.exports = new Proxy({}, { get: (_, name) => get(load, name) });
  require.cache[path] = placeholder;
}

/**
 * For a module all exports of which are functions, which may be taken from it before they are called.
 * @param {() => any} load
 * @param {string | symbol} name
 */
const whenCalled =
  (load, name) =>
  /** @param {unknown[]} values */
  (...values) =>
    load()[name](...values);

/**
 * For a module that is itself an export of another one, and from which nothing is taken before it is used.
 * @param {() => any} load
 * @param {string | symbol} name
 */
const whenTaken = (load, name) => (name === "__esModule" ? true : load()[name]);

/**
 * For the compiler, of which the SDK reads the version when it loads a policy pack.
 * @param {() => any} load
 * @param {string | symbol} name
 */
const compiler = (load, name) =>
  name === "version" ? require("typescript/package.json").version : load()[name];

/**
 * For what compiles TypeScript as it is loaded, which the SDK lets a policy pack do: nothing is loaded before the first
 * such file is.
 * @param {() => any} load
 * @param {string | symbol} name
 */
function tsNode(load, name) {
  if (name !== "register") return load()[name];
  /** @param {object} options */
  return (options) => {
    for (const extension of [".ts", ".tsx"])
      loaders[extension] = (module, file) => {
        delete loaders[".ts"];
        delete loaders[".tsx"];
        load().register(options);
        loaders[extension]?.(module, file);
      };
  };
}

/**
 * For what enables the debugger as soon as the program starts, so that a function that cannot be serialized is named by
 * its file.
 * @param {() => any} load
 * @param {string | symbol} name
 */
const debuggerHooks = (load, name) =>
  name === "isInitializedAsync" ? () => Promise.resolve() : whenCalled(load, name);

later("@pulumi/pulumi/runtime/closure/codePaths", whenCalled);
later("@pulumi/pulumi/runtime/closure/serializeClosure", whenCalled);
later("@pulumi/pulumi/runtime/closure/v8Hooks", debuggerHooks);
later("@pulumi/pulumi/automation", whenTaken);
for (const name of [
  "exporter-zipkin",
  "instrumentation",
  "instrumentation-grpc",
  "resources",
  "sdk-trace-base",
  "sdk-trace-node",
])
  later(`@opentelemetry/${name}`, whenTaken);
later("typescript", compiler);
later("ts-node", tsNode);
