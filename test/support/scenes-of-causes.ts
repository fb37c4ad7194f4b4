import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { PAUSE_IMAGE } from "../../tools/cluster/image/names";
import type { Files, Scenario } from "./bench";
import { bridgeOf, container, edited, withDriver } from "./edits";
import { onNode } from "./nodes";
import { NEVER_JUDGES, NOT_STARTED } from "./judgement-in-pods";
import { notStarted } from "./scenes-of-starts";
import { ofImages } from "./scenes-of-images";
import { withoutRoom } from "./scenes-without-room";

/** A run that is broken on purpose, and what the verdict on it must be. */
export interface BrokenRun extends Scenario {
  readonly title: string;
  readonly verdict: "FAILURE" | "ERROR";
  readonly cause: string;
  /** Words of the real message. */
  readonly words: RegExp;
  readonly otherCauses?: readonly string[];
  /** Why the pods themselves cannot see the cause: they then wait for one another until they give up. */
  readonly unseenInPods?: string;
}

/** Makes the producer run as a user who is not root, with the given /etc/fuse.conf. */
function asUser(scenario: string): Pick<Scenario, "pod" | "prepare" | "undo"> {
  // The machine's own device may be for root alone: nothing makes it otherwise if there is no udev.
  const device = `/tmp/fuse-test-${scenario}-device`;
  return {
    pod: container("producer", (one, pod) => {
      Object.assign(one.securityContext ?? {}, { runAsUser: 65534 });
      one.volumeMounts?.push({ name: "fuse", mountPath: "/dev/fuse" });
      pod.spec?.volumes?.push({ name: "fuse", hostPath: { path: device, type: "CharDevice" } });
      for (const file of ["fuse.conf", "mtab"])
        one.volumeMounts?.push({
          name: "programs",
          mountPath: `/etc/${file}`,
          subPath: file,
          readOnly: true,
        });
    }),
    prepare: async () => {
      await onNode("w2", ["mkdir", "-m", "1777", `/tmp/fuse-test-${scenario}`]);
      await onNode("w2", ["mknod", "-m", "666", device, "c", "10", "229"]);
    },
    undo: () => onNode("w2", ["rm", "-f", device]).then(() => undefined),
  };
}

function withFuseConf(text: string): (files: Files) => Files {
  return (files) => ({ ...files, "fuse.conf": text, mtab: "other /mnt/other fuse.other rw 0 0\n" });
}

/** Does something to the driver when the producer has read its mount, before any other pod may. */
function whenMounted(files: Files, command: string): Files {
  const signal = 'touch "$SIGNALS/mounted-$RUN"';
  return edited(files, "producer.sh", signal, `${command}\n${signal}`);
}

/** A producer with everything that is possible without being privileged. */
function unprivileged(one: V1Container, pod: V1Pod): void {
  Object.assign(one, { securityContext: { runAsUser: 0, capabilities: { add: ["SYS_ADMIN"] } } });
  bridgeOf(one).mountPropagation = "HostToContainer";
  one.volumeMounts?.push({ name: "fuse", mountPath: "/dev/fuse" });
  pod.spec?.volumes?.push({ name: "fuse", hostPath: { path: "/dev/fuse", type: "CharDevice" } });
}

const ERROR = "ERROR" as const;
const FAILURE = "FAILURE" as const;

/** Runs whose kubelet or runtime refuses them. */
const refused: readonly BrokenRun[] = [
  {
    name: "private-root",
    title: "the node's root is private",
    verdict: ERROR,
    cause: "root-not-shared",
    unseenInPods: NOT_STARTED,
    words: /is mounted on .* but it is not a shared mount/,
    settings: { node: "w1" },
  },
  {
    name: "out-of-cpu",
    title: "the node has not as much CPU as the producer asks for",
    verdict: ERROR,
    cause: "node-out-of-resources",
    unseenInPods: NOT_STARTED,
    words: /OutOfcpu|Node didn't have enough resource: cpu/,
    pod: container("producer", (one) => {
      Object.assign(one, { resources: { requests: { cpu: "1000" }, limits: { cpu: "1000" } } });
    }),
  },
  {
    name: "affinity",
    title: "the consumer asks for a label that the node has not",
    verdict: ERROR,
    cause: "node-affinity",
    unseenInPods: NOT_STARTED,
    words: /node affinity\/selector|NodeAffinity/,
    pod: container("consumer", (_, pod) => {
      Object.assign(pod.spec ?? {}, { nodeSelector: { disk: "fast" } });
    }),
  },
  {
    name: "no-image",
    title: "the image is not on the node",
    verdict: ERROR,
    cause: "image-unavailable",
    unseenInPods: NOT_STARTED,
    words: /has no image fuse-test\.local\/none/,
    settings: { image: `fuse-test.local/none@sha256:${"0".repeat(64)}` },
  },
  {
    name: "bad-image",
    title: "the image's name is none",
    verdict: ERROR,
    cause: "image-unavailable",
    unseenInPods: NOT_STARTED,
    words: /has no image NOT:A:NAME/,
    settings: { image: "NOT:A:NAME" },
  },
  {
    name: "path-is-file",
    title: "the hostPath is a file",
    verdict: ERROR,
    cause: "hostpath-type",
    unseenInPods: NOT_STARTED,
    words: /hostPath type check failed/,
    prepare: () => onNode("w2", ["touch", "/tmp/fuse-test-path-is-file"]).then(() => undefined),
    undo: () => onNode("w2", ["rm", "-f", "/tmp/fuse-test-path-is-file"]).then(() => undefined),
  },
  {
    name: "dead-path",
    title: "the hostPath is a mount whose daemon was killed",
    verdict: ERROR,
    cause: "stale-mount-at-start",
    unseenInPods: NOT_STARTED,
    words: /transport endpoint is not connected/i,
    prepare: async () => {
      await onNode("w2", ["mkdir", "-p", "/tmp/fuse-test-dead-path"]);
      await onNode("w2", ["sh", "-c", "bindfs -f /sys /tmp/fuse-test-dead-path & sleep 1; kill -9 $!"]);
    },
  },
  {
    name: "no-shell",
    title: "the image has no shell",
    verdict: ERROR,
    cause: "driver-missing",
    unseenInPods: NOT_STARTED,
    words: /\/bin\/sh/,
    pod: container("producer", (one) => {
      one.image = PAUSE_IMAGE;
    }),
  },
  {
    name: "node-of-another-name",
    title: "the pods are pinned to a node that is not there",
    verdict: ERROR,
    cause: "node-missing",
    unseenInPods: NOT_STARTED,
    words: /no node named w9/,
    settings: { node: "w9" },
  },
];

/** Runs whose driver cannot mount, or dies. */
const driven: readonly BrokenRun[] = [
  {
    name: "device-denied",
    title: "the producer is not privileged, and the device cgroup denies /dev/fuse",
    verdict: ERROR,
    cause: "fuse-device-denied",
    words: /\/dev\/fuse: Operation not permitted/i,
    pod: container("producer", unprivileged),
  },
  {
    name: "no-setuid",
    title: "the mounter is not root, and fusermount is not setuid",
    verdict: ERROR,
    cause: "mount-not-permitted",
    words: /mount failed: Operation not permitted/,
    ...asUser("no-setuid"),
    programs: (files) =>
      edited(
        withFuseConf("user_allow_other\n")(files),
        "driver-rclone.sh",
        "  exec rclone",
        '  cp /usr/bin/fusermount3 "$SCRATCH/" && cp /usr/bin/fusermount3 "$SCRATCH/fusermount"\n  PATH=$SCRATCH:$PATH exec rclone',
      ),
  },
  {
    name: "no-allow-other",
    title: "the mounter is not root, and user_allow_other is not set",
    verdict: ERROR,
    cause: "user-allow-other-unset",
    words: /option allow_other only allowed if 'user_allow_other' is set in \/etc\/fuse\.conf/,
    ...asUser("no-allow-other"),
    programs: withFuseConf("# nothing is set\n"),
  },
  {
    name: "mount-max",
    title: "the mounter is not root, and mount_max is reached",
    verdict: ERROR,
    cause: "too-many-mounts",
    words: /too many FUSE filesystems mounted/,
    ...asUser("mount-max"),
    programs: withFuseConf("user_allow_other\nmount_max = 1\n"),
  },
  {
    name: "no-driver",
    title: "the driver is not in the image",
    verdict: ERROR,
    cause: "driver-missing",
    words: /sshfs is not in the image/,
    programs: (files) => withDriver(files, "driver_run() { exec sshfs; }", "sshfs"),
  },
  {
    name: "killed",
    title: "the driver is killed (SIGKILL) when it has mounted",
    verdict: ERROR,
    cause: "driver-crashed",
    words: /killed by signal 9/,
    injectedAt: "mounted",
    // True if the consumer sees the mount die depends on who is faster.
    otherCauses: [],
    programs: (files) => whenMounted(files, 'kill -9 "$driver_process"'),
  },
  {
    name: "hung",
    title: "the driver hangs (SIGSTOP)",
    verdict: FAILURE,
    cause: "mount-hung",
    words: /no answer within 5 s/,
    injectedAt: "mounted",
    programs: (files) => whenMounted(files, 'kill -STOP "$driver_process"'),
  },
  {
    name: "wrapped",
    title: "the driver dies below a wrapper that does not notice",
    verdict: FAILURE,
    cause: "mount-stale",
    words: /not connected|connection abort/i,
    injectedAt: "mounted",
    programs: (files) =>
      whenMounted(
        edited(
          edited(files, "driver-rclone.sh", "  exec rclone", "  rclone"),
          "driver-rclone.sh",
          "--poll-interval 0s\n",
          '--poll-interval 0s &\n  echo $! >"$SCRATCH/daemon"\n  sleep 1000\n',
        ),
        'kill -9 "$(cat "$SCRATCH/daemon")"',
      ),
  },
];

/** Runs that are carried out, and whose mount cannot be read. */
const unread: readonly BrokenRun[] = [
  {
    name: "owner-only",
    title: "the driver mounts without allow_other",
    verdict: FAILURE,
    cause: "access-denied",
    words: /Permission denied/,
    injectedAt: "mounting",
    programs: (files) => edited(files, "driver-rclone.sh", " --allow-other", ""),
  },
  {
    name: "cut-off",
    title: "the producer's side of the bridge is private when it mounts",
    verdict: FAILURE,
    cause: "not-propagated",
    words: /does not reach another pod/,
    injectedAt: "mounting",
    programs: (files) =>
      edited(files, "producer.sh", "\nemit mounting\n", '\nmount --make-rprivate "$BRIDGE"\nemit mounting\n'),
  },
  {
    name: "changed",
    title: "what is mounted is not what was written",
    verdict: FAILURE,
    cause: "content-mismatch",
    words: /content|stat/,
    injectedAt: "mounting",
    programs: (files) =>
      edited(files, "producer.sh", "\nemit mounting\n", '\necho more >>"$BACKING/data"\nemit mounting\n'),
  },
  {
    name: "never-looks",
    title: "the consumer never looks",
    verdict: ERROR,
    cause: "timed-out",
    unseenInPods: NEVER_JUDGES,
    words: /waiting for the consumer to start/,
    settings: { timeoutSeconds: 20 },
    programs: (files) =>
      edited(
        files,
        "consumer.sh",
        "\nreport_start\n",
        '\n[ "$ROLE" = control ] || sleep 1000\nreport_start\n',
      ),
  },
];

/** Every run that is broken on w2, or on w1 as it is. They do not disturb one another. */
export const brokenRuns: readonly BrokenRun[] = [
  ...refused,
  ...notStarted,
  ...driven,
  ...ofImages,
  ...withoutRoom,
  ...unread,
];
