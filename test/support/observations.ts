import { createHash } from "node:crypto";
import type { Role } from "../../manifests/common";
import {
  logChannel,
  noPodSeen,
  type Observation,
  type PodFacts,
  type PodObservation,
} from "../../verdict/observation";
import type { Message } from "../../kube/message";
import { type LogLine, parsePodLog } from "../../protocol/pod-log";

/** When the run of the fixtures started, milliseconds since 1970. */
export const START = Date.parse("2026-01-02T03:04:05Z");
const RUN = "r1";
const nonce = "ab".repeat(32);
const fuseLine = (tag: string): string =>
  `700 690 0:55 / /mnt/dfs/mount rw,nosuid,nodev,relatime ${tag} - fuse.rclone local:/b rw,user_id=0,allow_other`;
const bridgeLine = (tag: string): string =>
  `690 680 254:0 /tmp/fuse-test-bridge /mnt/dfs rw,relatime ${tag}- ext4 /dev/vda rw`.replace("  ", " ");

const tree = [
  { path: "marker", type: "file", size: 65, mode: "644", nlink: 1, sha256: "1".repeat(64) },
  { path: "data", type: "file", size: 65536, mode: "644", nlink: 1, sha256: "2".repeat(64) },
  { path: "directory", type: "directory", mode: "755" },
  { path: "directory/inside", type: "file", size: 40, mode: "644", nlink: 1, sha256: "3".repeat(64) },
  { path: "link", type: "symlink", target: "directory/inside" },
];

type Fields = Readonly<Record<string, unknown>>;

const none = { capEff: "0000000000000000", capPrm: "0000000000000000", capBnd: "0000000000000000" };
const events: Readonly<Record<Role, readonly Fields[]>> = {
  producer: [
    { event: "started", uid: 0, kernel: "6.1", driver: "rclone", bridge: bridgeLine("shared:12 ") },
    ...tree.map((entry) => ({ event: "wrote", ...entry })),
    { event: "prepared" },
    { event: "mounting" },
    {
      event: "mounted",
      mountinfo: fuseLine("shared:40"),
      device: 55,
      owner: "0:0",
      nonceSha256: createHash("sha256").update(nonce).digest("hex"),
    },
  ],
  consumer: [
    {
      event: "started",
      uid: 10001,
      gid: 10001,
      ...none,
      noNewPrivs: "1",
      bridge: bridgeLine("master:12 "),
      mountVisible: false,
    },
    { event: "ready" },
    { event: "seen", polls: 3, mountinfo: fuseLine("master:40") },
    { event: "read", device: 55, owner: "0:0", nonce, sentinelVisible: false },
    ...tree.map((entry) => ({ event: "entry", ...entry })),
    { event: "examined" },
  ],
  control: [
    {
      event: "started",
      uid: 10001,
      gid: 10001,
      ...none,
      noNewPrivs: "1",
      bridge: bridgeLine(""),
      mountVisible: false,
    },
    { event: "ready" },
    { event: "not-seen", polls: 50, sentinelVisible: true },
    { event: "underneath", path: "mount", type: "directory", size: 4096 },
    { event: "underneath", path: "mount/NOT-MOUNTED", type: "regular empty file", size: 0 },
    { event: "searched", found: 2 },
  ],
};

/** The log of a pod of a run that passes. */
export function passingLog(role: Role): LogLine[] {
  const lines = events[role].map((fields) => JSON.stringify({ run: RUN, role, ...fields }));
  if (role === "consumer") lines.push("SUCCESS: Producer marker found");
  return lines.map((text, index) => ({ time: START + 1000 + index, text }));
}

const propagations = { producer: "Bidirectional", consumer: "HostToContainer", control: "None" } as const;

/** Facts of a pod of a run that passes. */
export function passingFacts(role: Role): PodFacts {
  const privileged = role === "producer";
  return {
    uid: `uid-of-${role}`,
    node: "w2",
    phase: privileged ? "Running" : "Succeeded",
    reason: "",
    message: "",
    created: START,
    started: START + 100,
    deleted: false,
    container: privileged
      ? { state: "running", reason: "", message: "", imageId: "sha256:00" }
      : { state: "terminated", exitCode: 0, reason: "Completed", message: "", imageId: "sha256:00" },
    spec: {
      privileged,
      mountPropagation: propagations[role],
      hostPath: "/tmp/fuse-test-bridge",
      runAsUser: privileged ? 0 : 10001,
      runAsGroup: privileged ? undefined : 10001,
      droppedCapabilities: privileged ? [] : ["ALL"],
      addedCapabilities: [],
      tolerations: [],
    },
  };
}

/** A pod with its log, as the observer sees it. */
export function observed(role: Role, log = passingLog(role), facts = passingFacts(role)): PodObservation {
  return {
    facts,
    report: parsePodLog(log, { run: RUN, role }),
    logEnded: facts.container.state === "terminated",
  };
}

/** Every channel as one that was read: milliseconds since 1970. */
function allRead(at: number): Observation["channels"] {
  const names = ["pods", "events", "node", "programs"] as const;
  const logs = (["producer", "consumer", "control"] as const).map(logChannel);
  return Object.fromEntries([...names, ...logs].map((name) => [name, { state: "read", at }]));
}

/** An observation for which the verdict is SUCCESS, with changes. */
export function passing(changes: Partial<Observation> = {}): Observation {
  return {
    question: {
      run: RUN,
      node: "w2",
      namespace: "fuse-test",
      driver: "rclone",
      image: "fuse-test.local/tools@sha256:00",
      hostPath: "/tmp/fuse-test-bridge",
      timeoutSeconds: 120,
    },
    start: START,
    now: START + 2000,
    deadline: START + 120_000,
    node: {
      exists: true,
      ready: true,
      readyMessage: "kubelet is posting ready status",
      unschedulable: false,
      taints: [],
      kernel: "6.1",
      kubelet: "v1.34.4",
      runtime: "containerd://1.6.20",
    },
    pods: { producer: observed("producer"), consumer: observed("consumer"), control: observed("control") },
    messages: [],
    channels: allRead(START + 2000),
    programs: {},
    tolerations: [],
    interrupted: false,
    ...changes,
  };
}

/** A run of which nothing was seen but messages. */
export function saying(messages: readonly Message[], changes: Partial<Observation> = {}): Observation {
  return passing({ pods: noPodSeen, messages, channels: allRead(START), ...changes });
}

/** A run whose producer failed at a stage. */
export function producerFailing(stage: string, message: string, exit: number | null = 1): Observation {
  const text = JSON.stringify({ run: RUN, role: "producer", event: "failed", stage, message, exit });
  const log = [...passingLog("producer").slice(0, 1), { time: START + 1100, text }];
  const { pods } = saying([]);
  return saying([], { pods: { ...pods, producer: observed("producer", log) } });
}

/** A run whose consumer saw the mount and failed to read it. */
export function consumerFailing(stage: string, message: string): Observation {
  const failed = { run: RUN, role: "consumer", event: "failed", stage, message };
  const log = [
    ...passingLog("consumer").slice(0, 3),
    { time: START + 1100, text: JSON.stringify(failed) },
    { time: START + 1101, text: "FAILURE: Producer marker never appeared" },
  ];
  const facts = passingFacts("consumer");
  const container = { ...facts.container, exitCode: 1, reason: "Error" };
  return passing({
    pods: { ...passing().pods, consumer: observed("consumer", log, { ...facts, container }) },
  });
}
