/** One preview as a test: its name, how long it took, and what is wrong with it. */
export interface Outcome {
  readonly name: string;
  readonly milliseconds: number;
  readonly problems: readonly string[];
}

const NAMES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text as XML has it: without the control characters that XML cannot hold. */
export function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"']/g, (character) => NAMES[character] ?? "");
}

function testCase({ name, milliseconds, problems }: Outcome): string {
  const head = `    <testcase classname="policy" name="${escaped(name)}" time="${(milliseconds / 1000).toFixed(3)}"`;
  if (problems.length === 0) return `${head}/>`;
  const text = escaped(problems.join("\n"));
  return `${head}>\n      <failure message="${escaped(problems[0] ?? "")}">${text}</failure>\n    </testcase>`;
}

/** The outcomes as a JUnit file, which every CI service reads. */
export function junit(outcomes: readonly Outcome[]): string {
  const failures = outcomes.filter(({ problems }) => problems.length > 0).length;
  const counts = `tests="${outcomes.length}" failures="${failures}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="policy" ${counts}>`,
    ...outcomes.map(testCase),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
