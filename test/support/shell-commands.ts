/** What a POSIX shell does itself: these need no program, in dash, busybox and bash. */
const builtins = new Set(
  (
    ". : [ break cd command continue echo eval exec exit export false getopts hash kill local printf read " +
    "readonly return set shift test trap true type ulimit umask unset wait"
  ).split(" "),
);

const beforeCommand = new Set(["if", "then", "else", "elif", "do", "while", "until", "!", "{"]);
const afterCommand = new Set(["fi", "done", "esac", "}"]);

/** Functions that run the words after some others: how many others. */
const runners: Readonly<Record<string, number>> = { exec: 0, boolean: 0, apart: 1 };

/** Commands with a script among their arguments. */
const withScript = new Set(["measure", "trap"]);

/** A reader of as much of the shell's language as the pods' programs use. */
class Reader {
  readonly commands = new Set<string>();
  readonly functions = new Set<string>();
  private at = 0;

  constructor(private readonly text: string) {}

  private get rest(): string {
    return this.text.slice(this.at);
  }

  private take(pattern: RegExp): string | undefined {
    const found = new RegExp(`^(?:${pattern.source})`).exec(this.rest)?.[0];
    this.at += found?.length ?? 0;
    return found === "" ? undefined : found;
  }

  private nested(text: string): void {
    const inner = new Reader(text);
    inner.script();
    for (const command of inner.commands) this.commands.add(command);
  }

  /** The text up to the bracket that closes the one before it. */
  private bracketed(open: string, close: string): string {
    const start = this.at;
    for (let depth = 1; depth > 0;) {
      const char = this.take(/\\[^]|'[^']*'|[^]/);
      if (char === undefined) throw new Error(`no ${close} after ${this.text.slice(start, start + 40)}`);
      if (char === open) depth += 1;
      if (char === close) depth -= 1;
    }
    return this.text.slice(start, this.at - 1);
  }

  private expansion(): boolean {
    if (this.take(/\$\(\(/) !== undefined) {
      this.bracketed("(", ")");
      this.take(/\)/);
    } else if (this.take(/\$\(/) !== undefined) this.nested(this.bracketed("(", ")"));
    else if (this.take(/\$\{/) !== undefined) this.inExpansions(this.bracketed("{", "}"));
    else return this.take(/\$./) !== undefined;
    return true;
  }

  /** Looks for commands in the expansions of a text that is no script. */
  private inExpansions(text: string): void {
    const inner = new Reader(text);
    while (inner.at < text.length) if (!inner.expansion()) inner.take(/\\[^]|[^]/);
    for (const command of inner.commands) this.commands.add(command);
  }

  /** A word, with `$` for each expansion; undefined if there is none. */
  private word(): string | undefined {
    let word = "";
    const start = this.at;
    for (;;) {
      if (this.expansion()) word += "$";
      else if (this.take(/"/) !== undefined) {
        while (this.take(/"/) === undefined) {
          if (this.expansion()) word += "$";
          else word += this.take(/\\[^]|[^]/) ?? "";
        }
      } else {
        const part = this.take(/\\[^]|'[^']*'|[^\s;&|()<>"'$\\]/);
        if (part === undefined) break;
        word += part.replace(/^'|'$/g, "").replace(/^\\\n/, "");
      }
    }
    return this.at === start ? undefined : word;
  }

  private pattern(): void {
    while (this.take(/\s+|#[^\n]*/) !== undefined);
    if (/^esac\b/.test(this.rest)) return;
    while (this.take(/\)/) === undefined) if (this.word() === undefined) this.take(/[^]/);
  }

  private loop(): void {
    while (this.take(/[ \t]+/) !== undefined && this.word() !== undefined);
  }

  private simple(name: string): void {
    if (!name.includes("$")) this.commands.add(name);
    let skipped = runners[name];
    for (;;) {
      this.take(/[ \t]+/);
      if (this.take(/\d*(?:>>|<>|[<>]&|[<>])[ \t]*/) !== undefined) {
        this.word();
        continue;
      }
      const word = this.word();
      if (word === undefined) return;
      if (withScript.has(name) && /^[a-z].* /.test(word)) this.nested(word);
      if (skipped === 0) {
        this.simple(word);
        return;
      }
      if (skipped !== undefined) skipped -= 1;
    }
  }

  script(): void {
    while (this.at < this.text.length) {
      if (this.take(/;;/) !== undefined) {
        this.pattern();
        continue;
      }
      if (this.take(/[\s;&|()]+?|#[^\n]*/) !== undefined) continue;
      if (this.take(/\d*(?:>>|<>|[<>]&|[<>])[ \t]*/) !== undefined) {
        this.word();
        continue;
      }
      const word = this.word();
      if (word === undefined) throw new Error(`not understood: ${this.rest.slice(0, 40)}`);
      if (beforeCommand.has(word) || afterCommand.has(word)) continue;
      if (/^\w+=/.test(word)) continue;
      if (word === "for") this.loop();
      else if (word === "case") {
        this.take(/[ \t]+/);
        this.word();
        this.take(/\s+in\b/);
        this.pattern();
      } else if (this.take(/\(\)/) !== undefined) this.functions.add(word);
      else this.simple(word);
    }
  }
}

/** The functions that a script of the shell defines, and the programs that it may run. */
export function readScript(text: string): { functions: ReadonlySet<string>; commands: ReadonlySet<string> } {
  const reader = new Reader(text);
  reader.script();
  const commands = [...reader.commands].filter((name) => !builtins.has(name));
  return { functions: reader.functions, commands: new Set(commands) };
}
