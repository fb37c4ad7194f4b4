// A reader that has gone, as that of `npm run cluster -- status | head`, is no failure of a command: it does its work,
// says nothing more, and ends with the exit status that it would have. Loaded first by whatever prints.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
  });
}
