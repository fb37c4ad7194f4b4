// Ignores a reader that is gone, as in `npm run cluster -- status | head`: the command finishes its work, prints nothing
// more, and exits with the status that it would have. Loaded first by whatever prints.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code !== "EPIPE") throw error;
  });
}
