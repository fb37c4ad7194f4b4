import { spawn } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Terminal } from "@xterm/headless";

const project = join(__dirname, "..", "..");

/** A program's life in a terminal. */
export interface Shown {
  readonly code: number | null;
  /** Everything that the program wrote, with the sequences that a terminal obeys. */
  readonly raw: string;
  /** What the screen and all that scrolled off it show in the end, without the breaks of a narrow screen. */
  readonly lines: readonly string[];
}

/** A program that runs in a terminal. */
export interface InTerminal {
  /** Resolves when it has written words that match. @throws Error if it ends before. */
  readonly wrote: (pattern: RegExp) => Promise<void>;
  /** Types on the terminal's keyboard. */
  readonly type: (keys: string) => void;
  readonly ended: Promise<Shown>;
}

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  /** Value of NO_COLOR; empty, so that there are colours, unless given. */
  readonly noColor?: string;
  readonly env: NodeJS.ProcessEnv;
  /** A program of this project, and its arguments. */
  readonly argv: readonly string[];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Lets a terminal of a size obey everything that was written, and reads what it shows. */
async function screenOf(raw: string, { columns, rows }: TerminalOptions): Promise<string[]> {
  const terminal = new Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  await new Promise<void>((resolve) => {
    terminal.write(raw, resolve);
  });
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let index = 0; index < active.length; index += 1) {
    const line = active.getLine(index);
    const text = line?.translateToString(true) ?? "";
    if (line?.isWrapped === true) lines.push(`${lines.pop() ?? ""}${text}`);
    else lines.push(text);
  }
  terminal.dispose();
  return lines;
}

/** Starts a program of this project in a pseudo-terminal, as `script` of util-linux makes one. */
export function startInTerminal(options: TerminalOptions): InTerminal {
  const { columns, rows, env, argv, noColor = "" } = options;
  const program = ["node", "--require", "ts-node/register", ...argv].map(quoted).join(" ");
  const command = `stty cols ${columns} rows ${rows}; exec ${program}`;
  const child = spawn("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"], {
    cwd: project,
    env: { ...env, TERM: "xterm", SHELL: "/bin/sh", NO_COLOR: noColor },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let raw = "";
  let over = false;
  const looks = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    raw += text;
    for (const look of looks) look();
  });
  const ended = new Promise<Shown>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => {
      over = true;
      for (const look of looks) look();
      screenOf(raw, options).then((lines) => {
        resolve({ code, raw, lines });
      }, reject);
    });
  });
  return {
    wrote: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.test(stripVTControlCharacters(raw));
          if (!found && !over) return;
          looks.delete(look);
          if (found) resolve();
          else reject(new Error(`it ended before it wrote ${String(pattern)}:\n${raw}`));
        };
        looks.add(look);
        look();
      }),
    type: (keys) => {
      child.stdin.write(keys);
    },
    ended,
  };
}
