/** Removes attributes of a backend of files that a killed engine has left half written. */
export function mendAttributes(options: {
  /** URL of the backend. */
  readonly backend: string | undefined;
  /** Called with a line for each file that was removed. */
  readonly say: (line: string) => void;
}): void;
