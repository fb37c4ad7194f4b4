import { type Evidence, PRODUCER } from "./evidence";
import { notesOf } from "../../protocol/suite-log";
import { type Examination, percentile, type Speed } from "../../protocol/suite-result";
import { READER } from "../../config/suites";

const titles: Readonly<Record<Speed["operation"], string>> = {
  sequential: "Sequential read of 32 MiB",
  random: "512 reads of small files in mixed order",
  stat: "512 times stat of a file",
  readdir: "8 times readdir of 64 entries",
};

/** Computes the medians through FUSE and without it, and their ratio. */
export function evaluateSpeed(evidence: Evidence): Speed[] {
  const notes = [PRODUCER, READER].flatMap((name) => notesOf(evidence.journals.get(name), "speed"));
  const median = (where: string, operation: string): number =>
    percentile(
      notes
        .filter((note) => note.where === where && note.operation === operation)
        .map(({ at, started }) => (at - started) * 1000),
      0.5,
    );
  const round = (value: number): number => Math.round(value * 100) / 100;
  const operations = Object.keys(titles) as Speed["operation"][];
  return operations.flatMap((operation) =>
    (["producer", "consumer"] as const).flatMap((where) => {
      const plain = median(`${where}-plain`, operation);
      const fuse = median(`${where}-fuse`, operation);
      if (!(plain > 0 && fuse > 0)) return [];
      return [
        {
          operation,
          title: titles[operation],
          where,
          plain: round(plain),
          fuse: round(fuse),
          ratio: round(fuse / plain),
        },
      ];
    }),
  );
}

/** Returns the resources that the daemon used for everything that was read through it. */
export function evaluateDaemon(evidence: Evidence): Examination["daemon"] {
  const journal = evidence.journals.get(PRODUCER);
  const daemon = notesOf(journal, "daemon").at(-1);
  const ticks = notesOf(journal, "started").at(0)?.ticksPerSecond;
  if (daemon === undefined || ticks === undefined) return null;
  return {
    cpuSeconds: daemon.ticks / ticks,
    residentMib: Math.round(daemon.residentKib / 1024),
    peakMib: Math.round(daemon.peakKib / 1024),
  };
}
