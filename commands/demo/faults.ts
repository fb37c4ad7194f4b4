import { consumerManifest } from "../../manifests/consumer";
import type { PodSettings } from "../../manifests/common";
import { producerManifest } from "../../manifests/producer";
import { hashOf, programs } from "../../config/programs";
import type { Verdict } from "../../protocol/verdict";

/** The pods' programs by file name. */
type Files = Readonly<Record<string, string>>;
type ProducerManifest = ReturnType<typeof producerManifest>;
type ConsumerManifest = ReturnType<typeof consumerManifest>;

/** A failure of real nodes that can be caused on the embedded cluster. */
export interface Fault {
  /** One line: the fault, and when real nodes have it. */
  readonly title: string;
  readonly verdict: Verdict["verdict"];
  /** The cause that the verdict must name. */
  readonly cause: string;
  /** The node of the test: w1 has a private root, w2 a shared one. */
  readonly node: "w1" | "w2";
  /** A command line that breaks the node before any pod is made. */
  readonly breakNode?: readonly string[];
  readonly programs?: (files: Files) => Files;
  readonly consumer?: (pod: ConsumerManifest) => ConsumerManifest;
}

/**
 * Returns a change of the programs: another text in place of a line of one of them.
 * @throws Error if the program has no such line.
 */
function replaceLine(file: string, line: string, by: string): (files: Files) => Files {
  return (files) => {
    const text = files[file] ?? "";
    if (!text.includes(line))
      throw new Error(`${file} has no line with ${line}: the demo cannot break it there`);
    return { ...files, [file]: text.replace(line, () => by) };
  };
}

/** Line by which the producer signals that the others may read. */
const MOUNTED = 'touch "$SIGNALS/mounted-$RUN"';

/** Returns a change of the programs: the producer runs a command when it has read its mount, before any other pod may. */
function whenMounted(command: string): (files: Files) => Files {
  return replaceLine("producer.sh", MOUNTED, `${command}\n${MOUNTED}`);
}

/** The faults by their names on the command line. */
export const FAULTS = {
  "private-root": {
    title: "the node's root is mounted private, as on many systems without systemd",
    verdict: "ERROR",
    cause: "root-not-shared",
    node: "w1",
  },
  "no-allow-other": {
    title: "the driver mounts without allow_other, so that only its own user may read",
    verdict: "FAILURE",
    cause: "access-denied",
    node: "w2",
    programs: replaceLine("common.sh", "ALLOW_OTHER=yes", "ALLOW_OTHER=no"),
  },
  "no-fuse-device": {
    title: "the node has no /dev/fuse, as without the kernel module",
    verdict: "ERROR",
    cause: "fuse-device-missing",
    node: "w2",
    breakNode: ["mount", "--bind", "/etc/hostname", "/dev/fuse"],
  },
  "consumer-none": {
    title: "the consumer's volumeMount has the propagation None, Kubernetes' default",
    verdict: "ERROR",
    cause: "control-failed",
    node: "w2",
    consumer: (pod) => {
      const containers = pod.spec.containers.map((one) => ({
        ...one,
        volumeMounts: one.volumeMounts.map((mount) =>
          mount.name === "bridge" ? { ...mount, mountPropagation: "None" as const } : mount,
        ),
      }));
      return { ...pod, spec: { ...pod.spec, containers } };
    },
  },
  "killed-daemon": {
    title: "the driver is killed when it has mounted, as by the out-of-memory killer",
    verdict: "ERROR",
    cause: "driver-crashed",
    node: "w2",
    programs: whenMounted('kill -9 "$driver_process"'),
  },
  "hung-daemon": {
    title: "the driver hangs when it has mounted, as when its backend does not answer",
    verdict: "FAILURE",
    cause: "mount-hung",
    node: "w2",
    programs: whenMounted('kill -STOP "$driver_process"'),
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

/** Annotates a pod with the hash of its programs, as its manifest does for those that this version ships. */
function running<Pod extends ProducerManifest | ConsumerManifest>(pod: Pod, files: Files): Pod {
  const annotations = { ...pod.metadata.annotations, "fuse-test/programs": hashOf(files) };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

/**
 * Builds the programs and pods that the demo applies in place of the test's own. They are also the expected ones of the
 * judgement: pods that differ from this version's would be judged `foreign-pods`.
 */
export function brokenTest(fault: Fault, settings: PodSettings) {
  const same = <T>(value: T): T => value;
  const { programs: change = same, consumer = same } = fault;
  const files = change(programs());
  const consumerOptions = { role: "consumer", mountPropagation: "HostToContainer" } as const;
  return {
    programs: files,
    pods: {
      producer: running(producerManifest(settings), files),
      consumer: running(consumer(consumerManifest(settings, consumerOptions)), files),
      control: running(consumerManifest(settings, { role: "control", mountPropagation: "None" }), files),
    },
  };
}
