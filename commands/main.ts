/** Runs a command and ends with its exit status; what it throws is told in one line, with status 2. */
export function main(command: () => Promise<number>): void {
  command().then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 2;
    },
  );
}
