import type { Cell, Examination } from "../protocol/suite-result";
import { escapeMarkup as text } from "../tools/escape";
import { countCells } from "./format";

/** Describes a cell's result in a word or two. */
function short(observed: string): { readonly word: string; readonly kind: string } {
  if (observed === "sees the mount and reads it") return { word: "reads", kind: "reads" };
  if (observed.includes("EACCES")) return { word: "may not read (EACCES)", kind: "refused" };
  if (observed.startsWith("no mount")) return { word: "no mount", kind: "blind" };
  return { word: observed, kind: "refused" };
}

function cellMarkup(cell: Cell | undefined): string {
  if (cell === undefined) return "<td>not observed</td>";
  const { word, kind } = short(cell.observed);
  const differs = cell.passed === false;
  const mark = differs
    ? `✗ <span class="word">${text(word)}</span>, differs`
    : `✓ <span class="word">${text(word)}</span>`;
  const why = differs ? `Expected: ${text(cell.expected)}. ` : "";
  return `<td class="${differs ? "differs" : kind}"><details${differs ? " open" : ""}><summary>${mark}</summary><p>${why}Because ${text(cell.reason)}.</p></details></td>`;
}

const columns = [
  { allowOther: true, started: "before" },
  { allowOther: true, started: "after" },
  { allowOther: false, started: "before" },
  { allowOther: false, started: "after" },
] as const;

function rowKey({ propagation, privileged, uid }: Cell): string {
  return `${propagation ?? ""}, ${privileged === true ? "privileged" : "unprivileged"}, uid ${uid ?? ""}`;
}

function visibilityRows(cells: readonly Cell[]): string[] {
  const visible = cells.filter(({ kind }) => kind === "visibility");
  const refused = cells.filter(({ kind }) => kind === "refusal");
  const rows = [...new Set(visible.map(rowKey))].map((key) => {
    const ofRow = visible.filter((cell) => rowKey(cell) === key);
    const found = columns.map((column) =>
      cellMarkup(
        ofRow.find((cell) => cell.allowOther === column.allowOther && cell.started === column.started),
      ),
    );
    return `<tr><th scope="row">${text(key)}</th>${found.join("")}</tr>`;
  });
  return [
    ...rows,
    ...refused.map(
      (cell) =>
        `<tr><th scope="row">${text(rowKey(cell))}</th><td colspan="4" class="${cell.passed === false ? "differs" : "blind"}">${cell.passed === false ? "✗ differs: " : "✓ "}<span class="word">${text(cell.observed)}</span>: ${text(cell.reason)}</td></tr>`,
    ),
  ];
}

function otherRows(cells: readonly Cell[]): string[] {
  return cells
    .filter(({ kind }) => kind === "reverse" || kind === "view" || kind === "node")
    .map(({ title, observed, expected, reason, passed }) => {
      const mark = passed === "not-applicable" ? "–" : passed ? "✓" : "✗ differs:";
      const want = passed === false ? ` Expected: ${text(expected)}.` : "";
      return `<tr><th scope="row">${text(title)}</th><td class="${passed === false ? "differs" : ""}">${mark} <span class="word">${text(observed)}</span>.${want}</td><td class="soft">${text(reason)}</td></tr>`;
    });
}

/** Renders the visibility matrix, in colours and words, each cell with its reason. */
export function renderMatrix({ cells }: Examination): string {
  const differing = cells.filter(({ passed }) => passed === false).length;
  return `<section id="matrix" aria-labelledby="matrix-title"><h2 id="matrix-title">Visibility matrix</h2>
<p>${countCells(cells)}${differing === 0 ? "" : `; <span class="word differs">${differing} differ</span>`}. Open a cell for its reason.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Visibility matrix"><table class="matrix">
<caption>What a consumer's container sees of a mount, by its propagation, privilege and user</caption>
<thead><tr><td></td><th scope="colgroup" colspan="2">allow_other on</th><th scope="colgroup" colspan="2">allow_other off</th></tr>
<tr><th scope="col">consumer</th><th scope="col">started before the mount</th><th scope="col">started after it</th><th scope="col">started before the mount</th><th scope="col">started after it</th></tr></thead>
<tbody>${visibilityRows(cells).join("\n")}</tbody></table></div>
<h3>The other way, and other views</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Reverse direction and other views"><table><thead><tr><th scope="col">what</th><th scope="col">observed</th><th scope="col">why</th></tr></thead>
<tbody>${otherRows(cells).join("\n")}</tbody></table></div></section>`;
}
