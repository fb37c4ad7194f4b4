import type { Role } from "../../../manifests/common";
import type { PrintedLines } from "../../support/judgement-in-pods";
import { passingLog } from "../../support/observations";

/** A run that was recorded, as changes to the lines of one that passes. */
export interface Recorded {
  readonly title: string;
  readonly lines: (role: Role, lines: readonly string[]) => readonly string[];
}

/** Returns a line of a pod's log. */
export const said = (role: Role, event: string, fields: object = {}): string =>
  JSON.stringify({ run: "r1", role, event, ...fields });

/** A run in which a text in the lines of one pod is another one. */
function replaced(title: string, role: Role, from: string | RegExp, to: string): Recorded {
  return {
    title,
    lines: (one, lines) => (one === role ? lines.map((line) => line.replace(from, to)) : lines),
  };
}

/** A run in which a pod prints other lines after its first ones. */
export function ending(title: string, role: Role, count: number, ...lines: readonly string[]): Recorded {
  return {
    title,
    lines: (one, all) =>
      one === role
        ? [
            ...all.slice(0, count),
            ...lines,
            ...(role === "consumer" ? ["FAILURE: Producer marker never appeared"] : []),
          ]
        : all,
  };
}

/** Returns the line with which a pod's program reports its failure. */
export const failed = (role: Role, stage: string, message: string, more: object = {}): string =>
  said(role, "failed", { stage, message, ...more });

/** The runs that both judgements are compared on; the first one passes. */
export const recorded: readonly Recorded[] = [
  { title: "passes", lines: (_, lines) => lines },
  replaced("has tmpfs in the consumer", "consumer", "- fuse.rclone ", "- tmpfs "),
  replaced("has tmpfs in the producer", "producer", "- fuse.rclone ", "- tmpfs "),
  replaced(
    "has the mount at another place in the consumer",
    "consumer",
    "/mnt/dfs/mount rw",
    "/mnt/dfs/other rw",
  ),
  replaced("has another device in the consumer's stat", "consumer", '"device":55', '"device":56'),
  replaced("has another device in the consumer's mountinfo", "consumer", " 0:55 ", " 0:56 "),
  replaced("has another owner in the consumer", "consumer", '"owner":"0:0"', '"owner":"0:1"'),
  replaced("has another nonce", "consumer", "ab".repeat(32), "ac".repeat(32)),
  replaced("has a nonce that is a text of another length", "consumer", "ab".repeat(32), "ab"),
  replaced("has the sentinel in sight", "consumer", '"sentinelVisible":false', '"sentinelVisible":true'),
  replaced(
    "had the mount at the consumer's start",
    "consumer",
    '"mountVisible":false',
    '"mountVisible":true',
  ),
  replaced(
    "has a consumer with a capability",
    "consumer",
    '"capEff":"0000000000000000"',
    '"capEff":"0000000000000001"',
  ),
  replaced("has a consumer that may gain privileges", "consumer", '"noNewPrivs":"1"', '"noNewPrivs":"0"'),
  replaced("has a consumer that is root's group", "consumer", '"gid":10001', '"gid":0'),
  replaced("has a mount of the consumer's own user", "producer", '"owner":"0:0"', '"owner":"10001:0"'),
  replaced("has a file of another size", "consumer", '"size":65536', '"size":65535'),
  replaced(
    "has a file of another mode",
    "consumer",
    '"size":65536,"mode":"644"',
    '"size":65536,"mode":"600"',
  ),
  replaced(
    "has a directory of another mode, which no check is about",
    "consumer",
    '"type":"directory","mode":"755"',
    '"type":"directory","mode":"700"',
  ),
  replaced("has a file of another content", "consumer", "2".repeat(64), "9".repeat(64)),
  replaced("has another file in the sub-directory", "consumer", "3".repeat(64), "9".repeat(64)),
  replaced("has a symlink to another place", "consumer", '"target":"directory/inside"', '"target":"marker"'),
  replaced("has a file under another name", "consumer", '"path":"data"', '"path":"date"'),
  replaced(
    "has a control that sees no sentinel",
    "control",
    '"sentinelVisible":true',
    '"sentinelVisible":false',
  ),
  replaced("has a control that started late", "control", '"mountVisible":false', '"mountVisible":true'),
  replaced(
    "has a control with a shared bridge",
    "control",
    "rw,relatime - ext4",
    "rw,relatime shared:9 - ext4",
  ),
  replaced(
    "has something more on the bridge",
    "control",
    '"path":"mount","type":"directory"',
    '"path":"leak","type":"regular file"',
  ),
  replaced(
    "has a file with content on the bridge",
    "control",
    '"type":"regular empty file","size":0',
    '"type":"regular file","size":65',
  ),
  replaced("has a control that found more than it says", "control", '"found":2', '"found":3'),
  ending(
    "has a control that sees the mount",
    "control",
    2,
    said("control", "seen", { polls: 1, mountinfo: "36 35 0:55 / /mnt/dfs/mount rw - fuse b rw" }),
    said("control", "examined"),
  ),
  ending(
    "has no mount in the consumer",
    "consumer",
    2,
    said("consumer", "not-seen", { polls: 6, sentinelVisible: true }),
  ),
  ending(
    "has nothing in the consumer's sight",
    "consumer",
    2,
    said("consumer", "not-seen", { polls: 6, sentinelVisible: false }),
  ),
  ending(
    "has a consumer that gave up",
    "consumer",
    2,
    said("consumer", "gave-up", { polls: 6, mountVisible: false, sentinelVisible: true }),
  ),
  ...[
    ["read", "stat: cannot statx '/mnt/dfs/mount': Permission denied"],
    ["read", "stat: cannot statx '/mnt/dfs/mount': Transport endpoint is not connected"],
    ["read", "stat: can't stat '/mnt/dfs/mount': Socket not connected"],
    ["read", "head: error reading '/mnt/dfs/mount/marker': Input/output error"],
    ["read", "stat: cannot statx '/mnt/dfs/mount': Operation not permitted"],
    ["read", "find: './data': Stale file handle find: './directory': Permission denied"],
    ["gone", "head: cannot open '/mnt/dfs/mount/marker'"],
    ["hung", "no answer within 5 s"],
    ["access", "stat: cannot statx '/mnt/dfs/.': Permission denied (mode 700, owner 0:0; seen by uid 10001)"],
  ].map(([stage = "", words = ""]) =>
    ending(
      `has a consumer that fails at ${stage}: ${words}`,
      "consumer",
      3,
      failed("consumer", stage, words),
    ),
  ),
  ...[
    ["device", "there is no /dev/fuse in the producer: No such file or directory"],
    ["device", "opening /dev/fuse: Operation not permitted"],
    ["program", "rclone is not in the image"],
    ["tool", "od is not in the image"],
    ["stale", "a mount of an earlier run cannot be removed: umount: target is busy"],
    ["driver", "it has never been heard of"],
    ["driver", 'Fatal error: exec: "fusermount3": executable file not found in $PATH'],
    ["driver", "fusermount3: mount failed: Operation not permitted"],
    ["verify", "the producer's own mount does not answer within 5 s"],
    ["backing", "what is to be mounted cannot be written: cat: write error: No space left on device"],
    ["bridge", "mkdir: can't create directory '/mnt/dfs/mount': Transport endpoint is not connected"],
    ["bridge", "mkdir: can't create directory '/mnt/dfs/mount': Read-only file system"],
    ["bridge", "mkdir: can't create directory '/mnt/dfs/mount': No space left on device"],
    ["verify", "the marker cannot be read through the producer's own mount: cat: No space left on device"],
    ["access", "chmod: /mnt/dfs: Operation not permitted (mode 700, owner 0:0; seen by uid 0)"],
  ].map(([stage = "", words = ""]) =>
    ending(
      `has a producer that fails at ${stage}: ${words}`,
      "producer",
      1,
      failed("producer", stage, words, { exit: 1 }),
    ),
  ),
];

/** Returns the lines that each pod has printed of a run. */
export function printed({ lines }: Recorded): PrintedLines {
  const of = (role: Role): readonly string[] =>
    lines(
      role,
      passingLog(role).map(({ text }) => text),
    );
  return { producer: of("producer"), consumer: of("consumer"), control: of("control") };
}
