import { ofUnknown } from "./catalogue-of-unknown";

/** What the specification says of one cause. */
export interface Entry {
  readonly verdict: "FAILURE" | "ERROR";
  /** The words by which it is recognised: each must be in a fixture of the cause. */
  readonly words: readonly RegExp[];
  /** Faults that the end-to-end tests make on a real cluster: a file below `test`, and the title in it. */
  readonly faults: readonly (readonly [file: string, title: string])[];
}

const scenes = "support/scenes-of-causes.ts";
const images = "support/scenes-of-images.ts";
const preflight = "e2e/preflight.test.ts";
const silence = "e2e/preflight-silence.test.ts";
const command = "e2e/verdict.test.ts";
const impostors = "e2e/impostors.test.ts";

const ERROR = "ERROR" as const;
const FAILURE = "FAILURE" as const;

/**
 * The catalogue of causes. Every one can be produced on the embedded cluster. What differs from the wild there: the words of
 * Docker and of older kubelets, schedulers and libfuse are fixtures alone.
 */
export const catalogue: Readonly<Record<string, Entry>> = {
  "root-not-shared": {
    verdict: ERROR,
    words: [
      /path "\S+" is mounted on "\S+" but it is not a shared mount/,
      /but it is not a shared or slave mount/,
      /linux mounts: Path \S+ is mounted on \/ but it is not a shared mount/,
    ],
    faults: [[scenes, "the node's root is private"]],
  },
  "bidirectional-needs-privileged": {
    verdict: ERROR,
    words: [/Bidirectional mount propagation is available only to privileged containers/],
    faults: [[preflight, "says bidirectional-needs-privileged where the producer is not privileged"]],
  },
  "admission-denied": {
    verdict: ERROR,
    words: [
      /violates PodSecurity "restricted:latest"/,
      /ValidatingAdmissionPolicy .* denied request/,
      /admission webhook .* denied the request/,
      /is forbidden: unable to create new content/,
      /creating a pod as a dry run: no answer/,
    ],
    faults: [
      [preflight, "says admission-denied where Pod Security restricts the namespace"],
      [preflight, "says admission-denied, with its words, where an admission policy refuses the pods"],
      [silence, "says admission-denied where an admission webhook does not answer"],
    ],
  },
  "quota-exceeded": {
    verdict: ERROR,
    words: [/exceeded quota/],
    faults: [[preflight, "says quota-exceeded where the namespace's quota has no room"]],
  },
  "permission-denied": {
    verdict: ERROR,
    words: [
      /cannot create resource "pods"/,
      /^Unauthorized$/,
      /provide credentials/,
      /credentials could not be obtained/,
    ],
    faults: [
      [preflight, "says permission-denied where RBAC does not let the user create pods"],
      [preflight, "says permission-denied where the credentials have expired"],
      [silence, "says permission-denied where the kubeconfig's credential plugin is missing or fails"],
    ],
  },
  "cluster-unreachable": {
    verdict: ERROR,
    words: [/ECONNREFUSED/, /ENOTFOUND/, /certificate/, /deadline exceeded/],
    faults: [
      [
        preflight,
        "says cluster-unreachable when the API server is down before a run, and hangs or stops during one",
      ],
      [command, "says ERROR cluster-unreachable of a cluster that is not there"],
    ],
  },
  "node-missing": {
    verdict: ERROR,
    words: [/DeletionByPodGC/],
    faults: [
      [preflight, "says node-missing if there is no such node"],
      [scenes, "the pods are pinned to a node that is not there"],
    ],
  },
  "node-not-ready": {
    verdict: ERROR,
    words: [/Kubelet stopped posting node status/],
    faults: [
      [preflight, "says node-not-ready where the kubelet was stopped, before a run and while pods wait"],
    ],
  },
  "node-cordoned": {
    verdict: ERROR,
    words: [],
    faults: [[preflight, "says node-cordoned of a cordoned node"]],
  },
  "taint-not-tolerated": {
    verdict: ERROR,
    words: [
      /had untolerated taint \{\S+: \S+\}/,
      /had taint \{\S+: \S+\}, that the pod didn't tolerate/,
      /Predicate TaintToleration failed/,
    ],
    faults: [
      [
        preflight,
        "says taint-not-tolerated of a NoExecute taint, before pods are made that would be deleted at once",
      ],
    ],
  },
  "node-affinity": {
    verdict: ERROR,
    words: [/didn't match Pod's node affinity\/selector/, /^NodeAffinity /],
    faults: [[scenes, "the consumer asks for a label that the node has not"]],
  },
  "node-out-of-resources": {
    verdict: ERROR,
    words: [
      /^OutOfcpu /,
      /^OutOfmemory /,
      /^OutOfpods /,
      /Node didn't have enough resource/,
      /ephemeral-storage/,
      /low on resource: memory/,
    ],
    faults: [[scenes, "the node has not as much CPU as the producer asks for"]],
  },
  ...ofUnknown,
  "image-unavailable": {
    verdict: ERROR,
    words: [
      /^ErrImagePull /,
      /^ImagePullBackOff /,
      /^ErrImageNeverPull /,
      /^InvalidImageName /,
      /Failed to pull image/,
    ],
    faults: [
      [scenes, "the image is not on the node"],
      [scenes, "the image's name is none"],
    ],
  },
  "sandbox-failed": {
    verdict: ERROR,
    words: [/^FailedCreatePodSandBox .*failed to find plugin/, /^FailedCreatePodSandBox .*no runtime for/],
    faults: [
      [
        preflight,
        "says fuse-device-missing where the node has no /dev/fuse, and sandbox-failed where its network plugin is broken",
      ],
    ],
  },
  "hostpath-type": {
    verdict: ERROR,
    words: [
      /hostPath type check failed/,
      /hostPath \S+ doesn't exist/,
      /is not a character device/,
      /is not a directory/,
    ],
    faults: [[scenes, "the hostPath is a file"]],
  },
  "fuse-device-missing": {
    verdict: ERROR,
    words: [
      /fuse: device not found, try 'modprobe fuse' first/,
      /fuse: device \S+ not found\. Kernel module not loaded\?/,
      /\/dev\/fuse is not a character device in the producer/,
    ],
    faults: [
      [
        preflight,
        "says fuse-device-missing where the node has no /dev/fuse, and sandbox-failed where its network plugin is broken",
      ],
    ],
  },
  "fuse-device-denied": {
    verdict: ERROR,
    words: [
      /failed to open \/dev\/fuse: Operation not permitted/,
      /failed to open \/dev\/fuse: Permission denied/,
    ],
    faults: [[scenes, "the producer is not privileged, and the device cgroup denies /dev/fuse"]],
  },
  "mount-not-permitted": {
    verdict: ERROR,
    words: [/fusermount: mount failed: Operation not permitted/],
    faults: [[scenes, "the mounter is not root, and fusermount is not setuid"]],
  },
  "user-allow-other-unset": {
    verdict: ERROR,
    words: [/option allow_other only allowed if 'user_allow_other' is set in \/etc\/fuse\.conf/],
    faults: [[scenes, "the mounter is not root, and user_allow_other is not set"]],
  },
  "too-many-mounts": {
    verdict: ERROR,
    words: [/too many FUSE filesystems mounted; mount_max=N can be set in/],
    faults: [[scenes, "the mounter is not root, and mount_max is reached"]],
  },
  "bridge-inaccessible": {
    verdict: ERROR,
    words: [/Operation not permitted \(mode 700, owner 0:0; /, /label system_u:object_r:user_tmp_t:s0/],
    faults: [[images, "the bridge cannot be entered by others"]],
  },
  "wrong-architecture": {
    verdict: ERROR,
    words: [/^exec \/bin\/sh: exec format error/, /: Exec format error/],
    faults: [[images, "the image's shell is made for another processor"]],
  },
  "tool-missing": {
    verdict: ERROR,
    words: [/, od are not in the image/],
    faults: [[images, "the image lacks a program that the consumer looks for"]],
  },
  "mount-point-not-empty": {
    verdict: ERROR,
    words: [/mountpoint is not empty/, /use --allow-non-empty/],
    faults: [[images, "the driver refuses the sentinel in its mount point"]],
  },
  "driver-missing": {
    verdict: ERROR,
    words: [/is not in the image/, /no such file or directory/],
    faults: [
      [scenes, "the driver is not in the image"],
      [scenes, "the image has no shell"],
    ],
  },
  "driver-crashed": {
    verdict: ERROR,
    words: [/panic: /, /^OOMKilled /],
    faults: [[scenes, "the driver is killed (SIGKILL) when it has mounted"]],
  },
  "stale-mount-at-start": {
    verdict: ERROR,
    words: [
      /Transport endpoint is not connected/i,
      /Socket not connected/,
      /error while creating mount source path .* file exists/,
      /failed to stat "\S+"/,
    ],
    faults: [[scenes, "the hostPath is a mount whose daemon was killed"]],
  },
  "control-failed": {
    verdict: ERROR,
    words: [/another run of the test uses/],
    faults: [
      [preflight, "says control-failed where another run uses the same directory of the node"],
      [impostors, "a control that sees the mount because it starts after it was made"],
    ],
  },
  "access-denied": {
    verdict: FAILURE,
    words: [/Permission denied/],
    faults: [[scenes, "the driver mounts without allow_other"]],
  },
  "mount-stale": {
    verdict: FAILURE,
    words: [/Transport endpoint is not connected/, /Socket not connected/, /connection abort/],
    faults: [[scenes, "the driver dies below a wrapper that does not notice"]],
  },
  "mount-hung": {
    verdict: FAILURE,
    words: [/no answer within/],
    faults: [[scenes, "the driver hangs (SIGSTOP)"]],
  },
  "wrong-filesystem": {
    verdict: FAILURE,
    words: [],
    faults: [
      [impostors, "a tmpfs at the path"],
      [impostors, "another FUSE mount with the right file names"],
    ],
  },
  "content-mismatch": {
    verdict: FAILURE,
    words: [],
    faults: [[scenes, "what is mounted is not what was written"]],
  },
  "not-propagated": {
    verdict: FAILURE,
    words: [],
    faults: [[scenes, "the producer's side of the bridge is private when it mounts"]],
  },
  interrupted: {
    verdict: ERROR,
    words: [],
    faults: [
      [command, "says ERROR interrupted, with status 2, when it is asked to stop"],
      [
        command,
        "says ERROR interrupted of a test whose pods were made and are gone, and does not wait for them",
      ],
    ],
  },
  "timed-out": { verdict: ERROR, words: [], faults: [[scenes, "the consumer never looks"]] },
};
