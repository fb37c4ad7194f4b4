import { consumerManifest } from "../../manifests/consumer";
import type { PodSettings } from "../../manifests/common";
import { producerManifest } from "../../manifests/producer";
import { hashOf, programs } from "../../config/programs";
import type { Verdict } from "../../protocol/verdict";

/** The pods' programs by file name. */
type Files = Readonly<Record<string, string>>;
type ProducerManifest = ReturnType<typeof producerManifest>;
type ConsumerManifest = ReturnType<typeof consumerManifest>;

/** A failure of the field that can be provoked on the embedded cluster. */
export interface Fault {
  /** One line: what is wrong, and what it stands for. */
  readonly title: string;
  readonly verdict: Verdict["verdict"];
  /** The cause that the verdict must name. */
  readonly cause: string;
  /** The node of the test: w1 has a private root, w2 a shared one. */
  readonly node: "w1" | "w2";
  /** A command line that breaks the node before any pod is made. */
  readonly breakNode?: readonly string[];
  readonly programs?: (files: Files) => Files;
  readonly producer?: (pod: ProducerManifest) => ProducerManifest;
  readonly consumer?: (pod: ConsumerManifest) => ConsumerManifest;
}

/** Path of the signal by which the producer lets the others read. */
const MOUNTED = 'touch "$SIGNALS/mounted-$RUN"';

/** Does something to the driver when the producer has read its mount, before any other pod may. */
function whenMounted(command: string): (files: Files) => Files {
  return (files) => {
    const text = files["producer.sh"] ?? "";
    if (!text.includes(MOUNTED))
      throw new Error(`producer.sh has no line with ${MOUNTED}: the demo cannot add its fault there`);
    return { ...files, "producer.sh": text.replace(MOUNTED, () => `${command}\n${MOUNTED}`) };
  };
}

function withoutAllowOther(pod: ProducerManifest): ProducerManifest {
  const containers = pod.spec.containers.map((one) => ({
    ...one,
    env: [...one.env, { name: "ALLOW_OTHER", value: "no" }],
  }));
  return { ...pod, spec: { ...pod.spec, containers } };
}

/** The faults by the words that a person writes. */
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
    producer: withoutAllowOther,
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

/** A word that names a fault. */
export type FaultName = keyof typeof FAULTS;

/** Notes in a pod which programs it runs, as its own manifest does for those that this version ships. */
function running<Pod extends ProducerManifest | ConsumerManifest>(pod: Pod, files: Files): Pod {
  const annotations = { ...pod.metadata.annotations, "fuse-test/programs": hashOf(files) };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

/**
 * Returns what the demo applies in the place of the test: programs and pods of a version that has the fault. It is
 * judged by them, because the verdict on pods that are not this version's would be that alone.
 */
export function brokenTest(fault: Fault, settings: PodSettings) {
  const same = <T>(value: T): T => value;
  const { programs: change = same, producer = same, consumer = same } = fault;
  const files = change(programs());
  const consumerOptions = { role: "consumer", mountPropagation: "HostToContainer" } as const;
  return {
    programs: files,
    pods: {
      producer: running(producer(producerManifest(settings)), files),
      consumer: running(consumer(consumerManifest(settings, consumerOptions)), files),
      control: running(consumerManifest(settings, { role: "control", mountPropagation: "None" }), files),
    },
  };
}
