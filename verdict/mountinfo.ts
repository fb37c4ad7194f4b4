/** One line of /proc/PID/mountinfo. Fields as in proc_pid_mountinfo(5). */
export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** `major:minor` of the filesystem's st_dev. */
  readonly device: string;
  readonly root: string;
  readonly mountPoint: string;
  readonly options: readonly string[];
  /** Peer group to which it propagates, if it is shared. */
  readonly shared?: number;
  /** Peer group from which it receives, if it is a slave. */
  readonly master?: number;
  /** Such as `ext4`, `fuse` or `fuse.rclone`. */
  readonly type: string;
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** Decodes a field: the kernel writes space, tab, newline and backslash as three octal digits. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

function peerGroup(tags: readonly string[], name: string): number | undefined {
  const tag = tags.find((text) => text.startsWith(`${name}:`));
  return tag === undefined ? undefined : Number(tag.slice(name.length + 1));
}

const line =
  /^(\d+) (\d+) (\d+:\d+) (\S+) (\/\S*) (r[ow]\S*)((?: (?:shared:\d+|master:\d+|propagate_from:\d+|unbindable))*) - (\S+) (\S*) (\S+)$/;

/** Parses one line; undefined if it is not a line of mountinfo. */
export function parseMount(text: string): Mount | undefined {
  const match = line.exec(text);
  if (match === null) return undefined;
  const [, id, parent, device, root, mountPoint, options, tags, type, source, superOptions] =
    match as unknown as string[];
  const words = (tags ?? "").trim().split(" ");
  const shared = peerGroup(words, "shared");
  const master = peerGroup(words, "master");
  return {
    id: Number(id),
    parent: Number(parent),
    device: device ?? "",
    root: unescape(root ?? ""),
    mountPoint: unescape(mountPoint ?? ""),
    options: (options ?? "").split(","),
    ...(shared === undefined ? {} : { shared }),
    ...(master === undefined ? {} : { master }),
    type: type ?? "",
    source: unescape(source ?? ""),
    superOptions: (superOptions ?? "").split(","),
  };
}

/** Parses a whole mountinfo; other lines are ignored. */
export function parseMountinfo(text: string): Mount[] {
  return text.split("\n").flatMap((one) => parseMount(one) ?? []);
}

/**
 * Returns true for FUSE: the type `fuse` alone, or with a subtype such as `fuse.rclone`; not `fuseblk` or
 * `fusectl`.
 */
export function isFuse(mount: Mount): boolean {
  return mount.type === "fuse" || mount.type.startsWith("fuse.");
}

/** Returns the propagation as mountinfo writes it: `shared:2 master:1`, or `private`. */
export function propagation(mount: Mount): string {
  const tags = [
    ...(mount.shared === undefined ? [] : [`shared:${mount.shared}`]),
    ...(mount.master === undefined ? [] : [`master:${mount.master}`]),
  ];
  return tags.length === 0 ? "private" : tags.join(" ");
}

/** Converts a mountinfo device to the number of stat(2), for the small numbers of anonymous devices. */
export function deviceNumber(device: string): number {
  const [major = NaN, minor = NaN] = device.split(":").map(Number);
  // Linux: the minor's low 8 bits, the major above them, the minor's rest above that (makedev(3)).
  return (minor & 0xff) + major * 0x100 + Math.floor(minor / 0x100) * 0x100000;
}
