import { createHash } from "node:crypto";
import { parseMount } from "../verdict/mountinfo";
import { errnoOf } from "./errno";
import { type Evidence, PRODUCER } from "./evidence";
import { type NoteOf, notesOf } from "./journal";
import type { Cell } from "./result";
import { type CellContainer, cellContainers } from "./suite";

type Started = "before" | "after";

interface Expectation {
  readonly expected: string;
  readonly reason: string;
}

const READS = "sees the mount and reads it";
const REFUSED = "sees the mount and may not read it: EACCES";
const BLIND = "no mount; the directory underneath";

/** What a container must find, and why. */
export function expectVisibility(cell: CellContainer, allowOther: boolean, started: Started): Expectation {
  if (cell.propagation === "None" && started === "before") {
    return {
      expected: BLIND,
      reason: "with None the container's mounts are private: what is mounted later stays away",
    };
  }
  const seen =
    started === "after"
      ? "a container is given the mounts that are there when it starts, whatever its propagation"
      : `${cell.propagation} receives what is mounted on the node`;
  if (allowOther) return { expected: READS, reason: `${seen}; allow_other lets every user in` };
  return cell.uid === 0
    ? {
        expected: READS,
        reason: `${seen}; without allow_other FUSE lets the mount's owner in, who is uid 0 here too`,
      }
    : { expected: REFUSED, reason: `${seen}; without allow_other FUSE lets nobody in but the mount's owner` };
}

function observeVisibility(look: NoteOf<"look"> | undefined, nonceSha256: string | undefined): string {
  if (look === undefined) return "not looked at";
  if (look.mounts === 0) return look.sentinel ? BLIND : "no mount, and no sentinel underneath";
  if (look.result === "hung") return "sees the mount, which does not answer";
  if (look.result === "failed") {
    const errno = errnoOf(look.text);
    return errno === "EACCES" ? REFUSED : `sees the mount and cannot read it: ${errno}`;
  }
  const nonce = look.text.trim().split(" ").at(-1) ?? "";
  const sum = createHash("sha256").update(nonce).digest("hex");
  if (sum !== nonceSha256) return "reads something else through the mount";
  return look.sentinel ? "reads the mount, and the sentinel too" : READS;
}

function privilege(cell: CellContainer): string {
  return `${cell.privileged ? "privileged" : "unprivileged"}, uid ${cell.uid}`;
}

function visibilityCells(evidence: Evidence, container: CellContainer): Cell[] {
  const looks = notesOf(evidence.journals.get(container.name), "look");
  const mounted = notesOf(evidence.journals.get(PRODUCER), "matrix-mounted");
  return (["before", "after"] as const).flatMap((started) =>
    (["allowed", "owner-only"] as const).map((mount): Cell => {
      const allowOther = mount === "allowed";
      const expectation = expectVisibility(container, allowOther, started);
      const observed = observeVisibility(
        looks.find((look) => look.started === started && look.mount === mount),
        mounted.find((note) => note.mount === mount)?.nonceSha256,
      );
      const { propagation, privileged, uid } = container;
      return {
        id: `${container.name}-${started}-${mount}`,
        kind: "visibility",
        ...{ propagation, privileged, uid, allowOther, started },
        title: `${propagation}, ${privilege(container)}, allow_other ${allowOther ? "on" : "off"}, started ${started} the mount`,
        ...expectation,
        observed,
        passed: observed === expectation.expected,
      };
    }),
  );
}

const EPERM = "may not mount: the kernel refuses it";
const REACHES = "reaches the producer";
const STAYS = "does not reach the producer";

/** What must become of a mount that a container makes itself. */
export function expectReverse(cell: CellContainer): Expectation {
  if (!cell.privileged || cell.uid !== 0) {
    return { expected: EPERM, reason: "mounting needs CAP_SYS_ADMIN, which only a privileged root has" };
  }
  return cell.propagation === "Bidirectional"
    ? {
        expected: REACHES,
        reason: "Bidirectional hands the container's own mounts to the node, and on to its peers",
      }
    : { expected: STAYS, reason: `${cell.propagation} hands nothing back` };
}

function observeReverse(evidence: Evidence, name: string): string {
  const attempt = notesOf(evidence.journals.get(name), "mount-back").at(0);
  const seen = notesOf(evidence.journals.get(PRODUCER), "reverse").find(({ cell }) => cell === name);
  if (attempt === undefined || seen === undefined) return "not looked at";
  if (seen.mounts > 0) return REACHES;
  return attempt.result === "refused" ? EPERM : STAYS;
}

function reverseCell(evidence: Evidence, container: CellContainer): Cell {
  const expectation = expectReverse(container);
  const observed = observeReverse(evidence, container.name);
  const { propagation, privileged, uid } = container;
  return {
    id: `${container.name}-reverse`,
    kind: "reverse",
    ...{ propagation, privileged, uid, allowOther: null, started: null },
    title: `A mount of the consumer's own: ${propagation}, ${privilege(container)}`,
    ...expectation,
    observed,
    passed: observed === expectation.expected,
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

/** A container that starts with None is given the runtime's mounts and nothing else. */
function runtimeView(cells: readonly Cell[]): Cell[] {
  const looks = cells.filter(
    ({ propagation, started, allowOther }) =>
      propagation === "None" && started === "after" && allowOther === true,
  );
  if (looks.length === 0) return [];
  const observed = looks.every((look) => look.observed === READS)
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

/** The peer groups of the bridge tell whose mount it is. */
function hostView(evidence: Evidence): Cell[] {
  const bridge = parseMount(notesOf(evidence.journals.get(PRODUCER), "started").at(0)?.bridge ?? "");
  const slaves = cellContainers(evidence.suite).filter(
    ({ propagation }) => propagation === "HostToContainer",
  );
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
  observed:
    "not looked at: the policies allow one node; the end-to-end tests show it on the embedded cluster",
  passed: "not-applicable",
};

/** Every cell of the visibility matrix, with what was expected, why, and what was seen. */
export function evaluateCells(evidence: Evidence): Cell[] {
  const containers = cellContainers(evidence.suite);
  const visibility = containers.flatMap((container) => visibilityCells(evidence, container));
  return [
    ...visibility,
    ...containers.map((container) => reverseCell(evidence, container)),
    ...refusalCells(evidence),
    ...runtimeView(visibility),
    ...hostView(evidence),
    ...(evidence.suite === "full" ? [otherNode] : []),
  ];
}
