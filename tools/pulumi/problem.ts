/** How the command plugin introduces what a program printed (`provider/pkg/provider/local` in pulumi/pulumi-command). */
const INTRODUCTION = /(?:error: )*exit status \d+: running "(?:[^"\\]|\\.)*":\s*/g;

/**
 * Returns the sentences of an error of the engine without what only its plugins understand: the command line of a program
 * that failed, and lines that repeat the one before.
 * @param text the message of a diagnostic, without colours.
 */
export function problemText(text: string): string {
  const lines = text
    .replace(INTRODUCTION, "")
    .replace(/^error: /, "")
    .trim()
    .split("\n");
  return lines.filter((line, index) => line.trim() !== lines[index - 1]?.trim()).join("\n");
}
