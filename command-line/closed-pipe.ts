/**
 * Lets a program go on in silence when nobody reads its output any more, as in `npm run cluster -- status | head`: what
 * it has begun is carried out, and its exit status is its own.
 */
export function allowClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
