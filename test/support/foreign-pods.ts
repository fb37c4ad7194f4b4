import type { V1Pod } from "@kubernetes/client-node";
import type { Role } from "../../manifests/common";
import type { Scenario } from "./bench";
import { container } from "./edits";
import { onNode } from "./nodes";
import { passingLog } from "./observations";

/** Pods that are not what this version ships, as whoever wants a SUCCESS without a test could make them. */
export interface ForeignPods extends Scenario {
  readonly title: string;
  /** The cause by which they are caught. */
  readonly cause: "foreign-pods";
  /** The first difference that the verdict names. */
  readonly difference: RegExp;
}

/** The whole log of a run that passed, with the run that is asked for in it. */
function oldLog(role: Role, run: string): string {
  return passingLog(role)
    .map(({ text }) => `${text.replace('"run":"r1"', `"run":"${run}"`)}\n`)
    .join("");
}

const roles = ["producer", "consumer", "control"] as const;

function everyPod(change: (pod: V1Pod, role: Role) => void): NonNullable<Scenario["pod"]> {
  return (pod, role) => {
    change(pod, role);
    return pod;
  };
}

const scenarios: readonly Omit<ForeignPods, "asShipped">[] = [
  {
    name: "recorded",
    title: "pods that print an old run's logs",
    cause: "foreign-pods",
    difference: /command: expected \["\/bin\/sh","\/fuse-test\/producer.sh"\], got .*cat/,
    programs: (files) => ({
      ...files,
      ...Object.fromEntries(roles.map((role) => [`log-of-${role}`, oldLog(role, "recorded")])),
    }),
    pod: everyPod((pod, role) => {
      const [only] = pod.spec?.containers ?? [];
      const after = role === "producer" ? "; sleep 1000" : "";
      if (only !== undefined) only.command = ["/bin/sh", "-c", `cat /fuse-test/log-of-${role}${after}`];
    }),
  },
  {
    name: "other-programs",
    title: "a ConfigMap with other programs",
    cause: "foreign-pods",
    difference: /ConfigMap fuse-test-programs, consumer.sh: expected SHA-256/,
    programs: (files) => ({ ...files, "consumer.sh": `${files["consumer.sh"] ?? ""}\n` }),
  },
  {
    name: "more-programs",
    title: "a ConfigMap with a program more",
    cause: "foreign-pods",
    difference: /ConfigMap fuse-test-programs, more.sh: expected none/,
    programs: (files) => ({ ...files, "more.sh": "true\n" }),
  },
  {
    name: "init-container",
    title: "an init container that a user added",
    cause: "foreign-pods",
    difference: /spec.initContainers: expected none, got first/,
    pod: container("consumer", (one, pod) => {
      const first = Object.assign(structuredClone(one), { name: "first", command: ["true"] });
      Object.assign(pod.spec ?? {}, { initContainers: [first] });
    }),
  },
  {
    name: "sidecar",
    title: "a sidecar that a user added",
    cause: "foreign-pods",
    difference: /spec.containers: expected control, got control, proxy/,
    pod: container("control", (one, pod) => {
      pod.spec?.containers.push(
        Object.assign(structuredClone(one), { name: "proxy", command: ["sleep", "1000"] }),
      );
    }),
  },
  {
    name: "other-value",
    title: "a variable of another value",
    cause: "foreign-pods",
    difference: /env DRIVER: expected .*rclone.*, got .*bindfs/,
    pod: container("producer", (one) => {
      const driver = one.env?.find(({ name }) => name === "DRIVER");
      if (driver !== undefined) driver.value = "bindfs";
    }),
    settings: { driver: "rclone" },
  },
  {
    name: "more-variables",
    title: "a variable that a user added",
    cause: "foreign-pods",
    difference: /env LD_PRELOAD: expected none/,
    pod: container("consumer", (one) => {
      one.env?.push({ name: "LD_PRELOAD", value: "/scratch/x.so" });
    }),
  },
  {
    name: "other-path",
    title: "a volume of another path",
    cause: "foreign-pods",
    difference: /spec.volumes bridge: expected .*fuse-test-other-path.*, got .*fuse-test-elsewhere/,
    pod: container("control", (_, pod) => {
      const bridge = pod.spec?.volumes?.find(({ name }) => name === "bridge");
      if (bridge !== undefined)
        bridge.hostPath = { path: "/tmp/fuse-test-elsewhere", type: "DirectoryOrCreate" };
    }),
    undo: async () => {
      await onNode("w2", ["sh", "-c", "rmdir /tmp/fuse-test-elsewhere || true"]);
    },
  },
  {
    name: "earlier-run",
    title: "pods of an earlier run with the label of this one",
    cause: "foreign-pods",
    difference: /env RUN: expected .*earlier-run.*, got .*r0/,
    pod: everyPod((pod) => {
      const run = pod.spec?.containers[0]?.env?.find(({ name }) => name === "RUN");
      if (run !== undefined) run.value = "r0";
    }),
  },
];

/** Each changes one thing; they do not disturb one another. */
export const foreignPods: readonly ForeignPods[] = scenarios.map((scenario) => ({
  ...scenario,
  asShipped: true,
}));
