/**
 * Waits until the lock with this name is ours; resolves to the function that gives it back.
 * The lock dies with its owner, and holds between processes of one machine and network namespace.
 * @throws Error in one line if another process keeps it for longer than `timeoutMilliseconds`.
 */
export function lock(options: {
  /** What is locked: by custom the path of the folder. */
  readonly name: string;
  /** Called once, when somebody else has it. */
  readonly waiting: () => void;
  readonly timeoutMilliseconds: number;
}): Promise<() => Promise<void>>;
