import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role } from "../../manifests/common";
import { programs } from "../../config/programs";
import type { LogLine } from "../../protocol/pod-log";
import { type PrivateMounts, privateMounts } from "./private-mounts";

/** The run of the pods that are started here. */
const RUN = "r1";

const roles = ["control", "consumer", "producer"] as const;

/** Which shell an image has, and whose other programs. */
export type Shell = "dash" | "bash" | "busybox";

/** What an image has: every program must be on the machine of the tests. */
export interface Image {
  readonly shell: Shell;
  /** Of busybox or of the machine, as the shell is. */
  readonly tools: readonly string[];
  /** Programs of the machine. */
  readonly drivers: readonly string[];
}

/** How pods are started. */
interface PodRun {
  readonly driver: string;
  readonly roles?: readonly Role[];
  /** Variables that the image sets. */
  readonly image?: Readonly<Record<string, string>>;
  /** What is done to the image's root, which is in $1, before the pods start. */
  readonly prepare?: string;
  /** What each pod's own process does before it becomes the pod's program; the image's root is in $root. */
  readonly before?: string;
  /** Time for which a pod waits for another. */
  readonly timeoutSeconds?: number;
}

/** An image as the root of pods: real programs, real mounts, and nothing that the machine sees. */
export interface PodRoot {
  /** Starts the pods, each in a mount namespace of its own, and gives what they print until they end. */
  readonly run: (how: PodRun) => Promise<Readonly<Record<Role, readonly LogLine[]>>>;
  /** Runs a script of the shell beside the pods; the image's root is in $1. */
  readonly sh: (script: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

const make = `
set -e
root=$1 shell=$2 tools=$3 drivers=$4 programs=$5
mount -t tmpfs none "$root"
mkdir -p "$root/usr/lib" "$root/usr/lib64" "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/fuse-test" "$root/mnt/dfs"
mount --bind /usr/lib "$root/usr/lib"
[ ! -d /usr/lib64 ] || mount --bind /usr/lib64 "$root/usr/lib64"
ln -s usr/lib usr/lib64 "$root/"
mount --rbind /sys "$root/sys"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/urandom" c 1 9
mknod -m 666 "$root/dev/fuse" c 10 229
cp "$(command -v "$shell")" "$root/bin/sh"
for tool in $tools; do
  if [ "$shell" = busybox ]; then ln -s sh "$root/bin/$tool"; else cp -L "$(command -v "$tool")" "$root/bin/$tool"; fi
done
for driver in $drivers; do
  : >"$root/bin/$driver"
  mount --bind "$(command -v "$driver")" "$root/bin/$driver"
done
cp "$programs"/* "$root/fuse-test/"
mount --bind "$root/mnt/dfs" "$root/mnt/dfs"
`;

// Each pod has its own processes, as a container has: none outlives it. The producer is asked to stop when the others
// have ended, as a pod that is deleted.
const start = `
root=$1 logs=$2 roles=$3 timeout=$4 prepare=$5 before=$6 producer=
shift 6
mount --make-private "$root/mnt/dfs"
mount --make-shared "$root/mnt/dfs"
sh -c "$prepare" sh "$root" || exit 1
others=
for role in $roles; do
  user= propagation=shared program=consumer
  case $role in
    producer) program=producer ;;
    consumer) user=--userspec=10001:10001 propagation=slave ;;
    control) user=--userspec=10001:10001 propagation=private ;;
  esac
  mkdir -m 777 "$root/scratch-$role"
  unshare --mount --propagation "$propagation" --pid --fork --kill-child sh -c '
    root=$1 scratch=$2; shift 2
    mount -t proc none "$root/proc"
    mount --bind "$scratch" "$scratch"
    '"$before"'
    exec env -i "$@"' sh "$root" "$root/scratch-$role" "$@" RUN=${RUN} ROLE="$role" FUSE_TEST_SCRATCH="/scratch-$role" WAIT_FOR="\${roles%producer}" \\
    WAIT_SECONDS="$timeout" LIFETIME_SECONDS="$timeout" TIMEOUT_SECONDS="$timeout" \\
    "$(command -v chroot)" $user "$root" /bin/sh "/fuse-test/$program.sh" >"$logs/$role" 2>&1 &
  if [ "$role" = producer ]; then producer=$!; else others="$others $!"; fi
done
wait $others
# On a busy machine it may not have said its first word by then.
until [ -z "$producer" ] || [ -s "$logs/producer" ] || ! kill -0 "$producer"; do sleep 0.01; done
[ -z "$producer" ] || [ -z "$others" ] || pkill -TERM --parent "$producer"
wait
`;

/** Makes a root with an image's programs, and the pods' own. */
export async function podRoot({ shell, tools, drivers }: Image): Promise<PodRoot> {
  const folder = mkdtempSync(join(tmpdir(), "fuse-test-pod-root-"));
  const files = mkdtempSync(join(tmpdir(), "fuse-test-pod-programs-"));
  for (const [name, text] of Object.entries(programs())) writeFileSync(join(files, name), text);
  const mounts: PrivateMounts = await privateMounts(
    make,
    ...[folder, shell, tools.join(" "), drivers.join(" "), files],
  );

  async function run(how: PodRun): Promise<Readonly<Record<Role, readonly LogLine[]>>> {
    const logs = mkdtempSync(join(tmpdir(), "fuse-test-pod-logs-"));
    const { driver, roles: some = roles, image = {}, prepare = "", before = "", timeoutSeconds = 5 } = how;
    const variables = Object.entries({ DRIVER: driver, ...image }).map(([name, value]) => `${name}=${value}`);
    const words = [folder, logs, some.join(" "), String(timeoutSeconds), prepare, before, ...variables];
    const { code, stderr } = await mounts.sh(start, ...words);
    const read = (role: Role): LogLine[] =>
      (some.includes(role) ? readFileSync(join(logs, role), "utf8") : "")
        .split("\n")
        .slice(0, -1)
        .map((text, index) => ({ time: index, text }));
    const said = { producer: read("producer"), consumer: read("consumer"), control: read("control") };
    rmSync(logs, { recursive: true });
    await mounts.sh('rm -rf "$1"/scratch-*', folder);
    if (code !== 0 && stderr !== "") throw new Error(stderr);
    return said;
  }

  return {
    run,
    sh: async (script) => {
      const { code, stderr } = await mounts.sh(script, folder);
      if (code !== 0) throw new Error(stderr);
    },
    end: async () => {
      await mounts.end();
      rmSync(files, { recursive: true });
      rmSync(folder, { recursive: true });
    },
  };
}
