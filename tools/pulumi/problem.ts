/** Introduction of a program's output by the command plugin (`provider/pkg/provider/local` in pulumi/pulumi-command). */
const INTRODUCTION = /(?:error: )*exit status \d+: running "(?:[^"\\]|\\.)*":\s*/g;

/** Introduction by the engine of what a hook of the program threw (`pkg/resource/deploy/step_executor.go` in pulumi/pulumi). */
const HOOK = /(?:error: )?(?:Preview failed: )?before hook "[^"]*" failed:\s*/g;

/** Ends every failed update, and explains nothing. */
const EXPLAINS_NOTHING = /^(?:update|preview) (?:failed|canceled)$/;

/**
 * Returns the sentences of an error of the engine without what only its plugins understand: the command line of a program
 * that failed, and lines that repeat the one before. Empty for an error that explains nothing.
 * @param text the message of a diagnostic, without colours.
 */
export function problemText(text: string): string {
  const lines = text
    .replace(INTRODUCTION, "")
    .replace(HOOK, "")
    .replace(/^error: /, "")
    .trim()
    .split("\n");
  const sentences = lines.filter((line, index) => line.trim() !== lines[index - 1]?.trim()).join("\n");
  return EXPLAINS_NOTHING.test(sentences) ? "" : sentences;
}
