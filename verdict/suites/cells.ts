import { createHash } from "node:crypto";
import { parseMount } from "../mountinfo";
import { errnoOf } from "./errno";
import { type Evidence, PRODUCER } from "./evidence";
import { type NoteOf, notesOf } from "../../protocol/suite-log";
import type { Cell } from "../../protocol/suite-result";
import type { MatrixContainer, MatrixRow } from "../../config/visibility-matrix";
import { matrixRows } from "../../config/suites";

type Finding = NonNullable<Cell["finding"]>;

/** Texts of the findings, for people. `unreadable` is followed by the error. */
const texts: Readonly<Record<Finding, string>> = {
  reads: "sees the mount and reads it",
  denied: "sees the mount and may not read it: EACCES",
  absent: "no mount; the directory underneath",
  "no-sentinel": "no mount, and no sentinel underneath",
  hung: "sees the mount, which does not respond",
  unreadable: "sees the mount and cannot read it",
  "other-content": "reads other content through the mount",
  "sentinel-exposed": "reads the mount, and the sentinel too",
  refused: "may not mount: the kernel refuses it",
  propagated: "reaches the producer",
  kept: "does not reach the producer",
  "not-observed": "not observed",
};

function findVisible(look: NoteOf<"look"> | undefined, nonceSha256: string | undefined): Finding {
  // Without the producer's report its mounts are unknown.
  if (look === undefined || nonceSha256 === undefined) return "not-observed";
  if (look.mounts === 0) return look.sentinel ? "absent" : "no-sentinel";
  if (look.result === "hung") return "hung";
  if (look.result === "failed") return errnoOf(look.text) === "EACCES" ? "denied" : "unreadable";
  const nonce = look.text.trim().split(" ").at(-1) ?? "";
  if (createHash("sha256").update(nonce).digest("hex") !== nonceSha256) return "other-content";
  return look.sentinel ? "sentinel-exposed" : "reads";
}

function privilege(cell: MatrixContainer): string {
  return `${cell.privileged ? "privileged" : "unprivileged"}, uid ${cell.uid}`;
}

function visibilityCells(evidence: Evidence, row: MatrixRow): Cell[] {
  const looks = notesOf(evidence.journals.get(row.name), "look");
  const mounted = notesOf(evidence.journals.get(PRODUCER), "matrix-mounted");
  return (["before", "after"] as const).flatMap((started) =>
    (["allowed", "owner-only"] as const).map((mount): Cell => {
      const allowOther = mount === "allowed";
      const expected = row[started][allowOther ? "allowOther" : "ownerOnly"];
      const look = looks.find((one) => one.started === started && one.mount === mount);
      const finding = findVisible(look, mounted.find((note) => note.mount === mount)?.nonceSha256);
      const { propagation, privileged, uid, reason } = row;
      return {
        id: `${row.name}-${started}-${mount}`,
        kind: "visibility",
        ...{ propagation, privileged, uid, allowOther, started },
        title: `${propagation}, ${privilege(row)}, allow_other ${allowOther ? "on" : "off"}, started ${started} the mount`,
        ...{ finding, reason, expected: texts[expected] },
        observed:
          finding === "unreadable" ? `${texts[finding]}: ${errnoOf(look?.text ?? "")}` : texts[finding],
        passed: finding === expected,
      };
    }),
  );
}

function findOwnMount(evidence: Evidence, name: string): Finding {
  const attempt = notesOf(evidence.journals.get(name), "mount-back").at(0);
  const seen = notesOf(evidence.journals.get(PRODUCER), "reverse").find(({ cell }) => cell === name);
  if (attempt === undefined || seen === undefined) return "not-observed";
  if (seen.mounts > 0) return "propagated";
  return attempt.result === "refused" ? "refused" : "kept";
}

function reverseCell(evidence: Evidence, row: MatrixRow): Cell {
  const { propagation, privileged, uid } = row;
  const finding = findOwnMount(evidence, row.name);
  return {
    id: `${row.name}-reverse`,
    kind: "reverse",
    ...{ propagation, privileged, uid, allowOther: null, started: null },
    title: `A mount of the consumer's own: ${propagation}, ${privilege(row)}`,
    expected: texts[row.ownMount],
    reason: row.ownMountReason,
    finding,
    observed: texts[finding],
    passed: finding === row.ownMount,
  };
}

function refusalCells(evidence: Evidence): Cell[] {
  return evidence.refusals.map(({ cell, refused, text }) => {
    const { propagation, privileged, uid } = cell;
    const right =
      refused && text.includes("Bidirectional mount propagation is available only to privileged containers");
    return {
      id: `${cell.name}-refused`,
      kind: "refusal",
      ...{ propagation, privileged, uid, allowOther: null, started: null },
      title: `${propagation}, ${privilege(cell)}`,
      expected: "the API refuses the pod",
      reason: "Bidirectional mount propagation is available only to privileged containers",
      observed: right
        ? "the API refuses the pod"
        : refused
          ? `refused for another reason: ${text.slice(0, 200)}`
          : "accepted",
      passed: right,
    };
  });
}

const noDimensions = { propagation: null, privileged: null, uid: null, allowOther: null, started: null };

/**
 * Evaluates the runtime's view: a container that starts with None gets the runtime's mounts and nothing else.
 */
function runtimeView(cells: readonly Cell[]): Cell[] {
  const looks = cells.filter(
    ({ propagation, started, allowOther }) =>
      propagation === "None" && started === "after" && allowOther === true,
  );
  if (looks.length === 0) return [];
  const observed = looks.every(({ finding }) => finding === "reads")
    ? "has the mount"
    : "does not have the mount";
  return [
    {
      id: "view-runtime",
      kind: "view",
      ...noDimensions,
      title: "The container runtime's view",
      expected: "has the mount",
      reason:
        "a container that starts with None after the mount was made gets a copy of what the runtime sees",
      observed,
      passed: observed === "has the mount",
    },
  ];
}

/** Evaluates the host's view, by the peer groups of the bridge. */
function hostView(evidence: Evidence): Cell[] {
  const bridge = parseMount(notesOf(evidence.journals.get(PRODUCER), "started").at(0)?.bridge ?? "");
  const slaves = matrixRows(evidence.suite).filter(({ propagation }) => propagation === "HostToContainer");
  const masters = slaves.map(
    ({ name }) => parseMount(notesOf(evidence.journals.get(name), "looking").at(0)?.bridge ?? "")?.master,
  );
  if (bridge?.shared === undefined || masters.every((master) => master === undefined)) return [];
  const same = masters.every((master) => master === bridge.shared);
  return [
    {
      id: "view-host",
      kind: "view",
      ...noDimensions,
      title: "The host's view",
      expected: "one peer group with the producer's bridge",
      reason:
        "a mount made in one peer is in all of them; the host's own mountinfo cannot be read without hostPID, which the policies forbid",
      observed: same
        ? "one peer group with the producer's bridge"
        : `the producer's bridge is in peer group ${bridge.shared}, the consumers receive from ${masters.join(", ")}`,
      passed: same,
    },
  ];
}

const otherNode: Cell = {
  id: "another-node",
  kind: "node",
  ...noDimensions,
  title: "A consumer on another node",
  expected: "no mount",
  reason: "propagation ends at the node",
  observed: "not observed: the policies allow one node; the end-to-end tests show it on the embedded cluster",
  passed: "not-applicable",
};

/** Evaluates every cell of the visibility matrix: its expectation, the reason, and the observation. */
export function evaluateCells(evidence: Evidence): Cell[] {
  const rows = matrixRows(evidence.suite);
  const visibility = rows.flatMap((row) => visibilityCells(evidence, row));
  return [
    ...visibility,
    ...rows.map((row) => reverseCell(evidence, row)),
    ...refusalCells(evidence),
    ...runtimeView(visibility),
    ...hostView(evidence),
    ...(evidence.suite === "full" ? [otherNode] : []),
  ];
}
