// Keeps the SDK from looking up source positions that nothing prints. It takes a stack trace of each promise that it makes,
// to report promises that never settle, and installs source-map-support, which maps every frame of every trace by the
// source maps: a third of the processor time of an update. Those traces are of errors without a message; others are mapped
// as before.
const { prepareStackTrace: mapped } = /** @type {Partial<ErrorConstructor>} */ (Error);

if (mapped !== undefined)
  Error.prepareStackTrace = (error, trace) =>
    error.message === "" ? [error.name, ...trace.map(String)].join("\n    at ") : mapped(error, trace);
