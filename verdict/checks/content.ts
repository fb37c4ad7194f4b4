import type { CheckDefinition, Finding } from "../check";
import { isWhole, logFault } from "../log-fault";
import type { Observation } from "../observation";
import { all, type Entry, only, type PodReport } from "../../protocol/pod-log";

interface Trees {
  readonly wrote: ReadonlyMap<string, Entry>;
  readonly read: ReadonlyMap<string, Entry>;
  /** Checks that the driver cannot support, with the reason. */
  readonly cannot: ReadonlyMap<string, string>;
  readonly time: number;
}

function byPath(entries: readonly Entry[]): Map<string, Entry> {
  return new Map(entries.map((entry) => [entry.path, entry]));
}

function cannot(producer: PodReport): Map<string, string> {
  return new Map(all(producer, "cannot").map(({ check, reason }) => [check, reason]));
}

function trees({ pods }: Observation): Trees | undefined {
  const examined = only(pods.consumer.report, "examined");
  if (examined === undefined || only(pods.producer.report, "mounted") === undefined) return undefined;
  return {
    wrote: byPath(all(pods.producer.report, "wrote")),
    read: byPath(all(pods.consumer.report, "entry")),
    cannot: cannot(pods.producer.report),
    time: examined.time,
  };
}

function compare(
  name: string,
  differences: (trees: Trees) => string[],
): (o: Observation) => Finding | undefined {
  return (observation) => {
    const found = trees(observation);
    if (found === undefined) return undefined;
    const reason = found.cannot.get(name);
    if (reason !== undefined) return { observed: reason, passed: "not-applicable", time: found.time };
    const different =
      found.wrote.size === 0 ? ["the producer did not report what it wrote"] : differences(found);
    // A missing entry may be in a line that was not read.
    const whole = isWhole("consumer", observation) && logFault("producer", observation.pods) === undefined;
    if (different.length > 0 && !whole) return undefined;
    return {
      observed: different.length === 0 ? "as written" : different.slice(0, 5).join("; "),
      passed: different.length === 0,
      time: found.time,
    };
  };
}

/** Pairs the entries that the producer wrote with what the consumer read under the same path. */
function pairs({ wrote, read }: Trees, wanted: (entry: Entry) => boolean): [Entry, Entry | undefined][] {
  return [...wrote.values()].filter(wanted).map((entry) => [entry, read.get(entry.path)]);
}

function missing({ path }: Entry): string {
  return `${path} is missing`;
}

const isFile = ({ type }: Entry): boolean => type === "file";

/**
 * The listing shows every written name with its type, and no other; a symlink that cannot be shown is left
 * out.
 */
export const list: CheckDefinition = {
  name: "list",
  expected: "every name that was written, of its type, and no other",
  cause: "content-mismatch",
  find: compare("list", (found) => {
    const shown = ({ type }: Entry): boolean => type !== "symlink" || !found.cannot.has("symlink");
    const links = [...found.wrote.values()].filter(({ type }) => type === "symlink").map(({ path }) => path);
    const known = (path: string): boolean =>
      found.wrote.has(path) ||
      (found.cannot.has("symlink") && links.some((link) => path.startsWith(`${link}.`)));
    return [
      ...pairs(found, shown).flatMap(([wrote, read]) => {
        if (read === undefined) return [missing(wrote)];
        return read.type === wrote.type ? [] : [`${wrote.path} is a ${read.type}, not a ${wrote.type}`];
      }),
      ...[...found.read.keys()].filter((path) => !known(path)).map((path) => `${path} was not written`),
    ];
  }),
};

/** Size, mode and link count of every file are as written. */
export const stat: CheckDefinition = {
  name: "stat",
  expected: "size, mode and nlink of every file as written",
  cause: "content-mismatch",
  find: compare("stat", (found) =>
    pairs(found, isFile).flatMap(([wrote, read]) => {
      if (read === undefined) return [missing(wrote)];
      return (["size", "mode", "nlink"] as const)
        .filter((field) => wrote[field] !== read[field])
        .map((field) => `${wrote.path}: ${field} ${wrote[field] ?? "none"} became ${read[field] ?? "none"}`);
    }),
  ),
};

/** Every file has the checksum with which it was written. */
export const content: CheckDefinition = {
  name: "content",
  expected: "the SHA-256 of every file as written",
  cause: "content-mismatch",
  find: compare("content", (found) =>
    pairs(found, isFile).flatMap(([wrote, read]) =>
      wrote.sha256 !== undefined && wrote.sha256 === read?.sha256 ? [] : [`${wrote.path} differs`],
    ),
  ),
};

/** The sub-directory is a directory, and its file can be read. */
export const subDirectory: CheckDefinition = {
  name: "sub-directory",
  expected: "the sub-directory and the file in it",
  cause: "content-mismatch",
  find: compare("sub-directory", ({ wrote, read }) => {
    const inside = read.get("directory/inside");
    const right = read.get("directory")?.type === "directory" && inside?.sha256 !== undefined;
    return right && inside.sha256 === wrote.get("directory/inside")?.sha256 ? [] : ["not readable"];
  }),
};

/** The symlink is a symlink, and has its target. */
export const symlink: CheckDefinition = {
  name: "symlink",
  expected: "the symlink with its target as written",
  cause: "content-mismatch",
  find: compare("symlink", (found) => {
    const links = pairs(found, ({ type }) => type === "symlink");
    if (links.length === 0) return ["none was written"];
    return links.flatMap(([wrote, read]) =>
      read?.type === "symlink" && read.target === wrote.target
        ? []
        : [`${wrote.path} is not a symlink to ${wrote.target ?? ""}`],
    );
  }),
};
