import assert from "node:assert/strict";
import type { Played, Scenario } from "../support/bench";
import { play } from "../support/bench";
import { testCluster } from "../support/cluster";
import { foreignPods } from "../support/foreign-pods";
import { bridgeOf, container, credulousProducer, edited, together, withDriver } from "../support/edits";
import { type Difference, judgeObserved, words } from "../support/judgement-in-pods";
import { onNode } from "../support/nodes";

interface Impostor extends Scenario {
  readonly title: string;
  /** The cause by which it is caught. */
  readonly cause: string;
  /** The check that fails, where a check catches it; where several can be the first, any of them. */
  readonly check?: string | readonly string[];
  /** How the pods themselves judge it, if that is not how the verdict command does. */
  readonly inPods?: Difference;
}

// The marker comes last: the producer takes its appearance for the mount.
const copy = 'rm -f "$2/$SENTINEL"; cp -a "$1"/d* "$1/link" "$2/"; cp -a "$1/marker" "$2/"; exec sleep 1000';

const forgedLine = "1 1 0:99 / /mnt/dfs/mount rw,nosuid shared:1 - fuse.rclone backing rw,allow_other";

/** A consumer that reads nothing and prints a whole report of success. */
const forgedReport = `
emit seen polls: 1 mountinfo "${forgedLine}"
emit read device: 99 owner 0:0 nonce ${"0".repeat(64)} sentinelVisible: false
emit examined
conclude 0
`;

/** What the consumer does instead of looking, while the control looks. */
function consumerOnly(commands: string): string {
  return `if [ "$ROLE" = consumer ]; then\n${commands}\nfi\nif await_mount; then\n`;
}

const oldFiles = "/tmp/fuse-test-old-files";
const oldMount = "/tmp/fuse-test-old-mount/mount";

const impostors: readonly Impostor[] = [
  {
    name: "plain-file",
    title: "plain files at the path, and a producer that says it mounted",
    cause: "control-failed",
    programs: (files) =>
      edited(
        credulousProducer(withDriver(files, `driver_run() { ${copy}; }`)),
        "producer.sh",
        'emit mounted mountinfo "$(mounts_at "$MOUNT" | tail -n 1)"',
        `emit mounted mountinfo "${forgedLine}"`,
      ),
  },
  {
    name: "tmpfs",
    title: "a tmpfs at the path",
    cause: "wrong-filesystem",
    check: "producer-mounted",
    programs: (files) =>
      credulousProducer(withDriver(files, `driver_run() { mount -t tmpfs none "$2"; ${copy}; }`)),
  },
  {
    name: "bind-mount",
    title: "a bind mount at the path",
    cause: "wrong-filesystem",
    check: "producer-mounted",
    programs: (files) =>
      credulousProducer(withDriver(files, 'driver_run() { mount --bind "$1" "$2"; exec sleep 1000; }')),
  },
  {
    name: "leaked-nonce",
    title: "the nonce leaked into the hostPath",
    cause: "control-failed",
    check: "bridge-clean",
    programs: (files) =>
      edited(files, "producer.sh", 'touch "$MOUNT/$SENTINEL"', 'cp "$BACKING/marker" "$MOUNT/$SENTINEL"'),
  },
  {
    name: "other-fuse",
    title: "another FUSE mount with the right file names",
    cause: "wrong-filesystem",
    check: "nonce",
    programs: (files) =>
      credulousProducer(
        withDriver(
          files,
          `driver_run() {
  cp -a "$1" "$SCRATCH/other"
  printf '%064d\\n' 0 >"$SCRATCH/other/marker"
  exec bindfs -f -o allow_other,nonempty "$SCRATCH/other" "$2"
}`,
        ),
      ),
  },
  {
    name: "old-mount",
    title: "an old run's mount left behind",
    cause: "control-failed",
    check: ["mounted-live", "control-blind", "control-looks"],
    prepare: async () => {
      await onNode("w2", ["mkdir", "-p", oldMount, oldFiles]);
      await onNode("w2", ["sh", "-c", `printf '%064d\\n' 0 >${oldFiles}/marker`]);
      await onNode("w2", ["bindfs", "-o", "allow_other", oldFiles, oldMount]);
    },
    undo: async () => {
      await onNode("w2", ["rm", "-f", `${oldFiles}/marker`, `${oldFiles}/NOT-MOUNTED`]);
      await onNode("w2", ["rmdir", oldFiles]);
    },
    programs: (files) =>
      [
        ['  if [ -n "$(mounts_at "$MOUNT")" ]; then\n', "  if false; then\n"],
        ["unmount_all || unmounted=no", "true", "producer-cleanup.sh"],
        ['[ ! -e "$MOUNT/$SENTINEL" ]', "true"],
      ].reduce(
        (sofar, [from = "", to = "", file = "producer.sh"]) => edited(sofar, file, from, to),
        credulousProducer(withDriver(files, "driver_run() { exec sleep 1000; }")),
      ),
  },
  {
    name: "root-consumer",
    title: "a consumer with uid 0",
    cause: "control-failed",
    check: "consumer-not-owner",
    pod: container("consumer", (one) => {
      Object.assign(one.securityContext ?? {}, { runAsNonRoot: false, runAsUser: 0, runAsGroup: 0 });
    }),
  },
  {
    name: "seeing-control",
    title: "a control that is allowed to see the mount",
    cause: "control-failed",
    check: "placement",
    pod: container("control", (one) => {
      bridgeOf(one).mountPropagation = "HostToContainer";
    }),
  },
  {
    name: "late-control",
    title: "a control that sees the mount because it starts after it was made",
    cause: "control-failed",
    check: "control-blind",
    programs: (files) =>
      edited(
        edited(files, "producer.sh", "for waited_for in $WAIT_FOR; do", "for waited_for in consumer; do"),
        "consumer.sh",
        "report_start\nmeet_producer\n",
        'report_start\n[ "$ROLE" = control ] || meet_producer\n',
      ),
    pod: container("control", (one, pod) => {
      const waiting = "until ls /mnt/dfs/signals/mounted-*; do sleep 0.1; done";
      const first = Object.assign(structuredClone(one), {
        name: "wait",
        command: ["/bin/sh", "-c", waiting],
      });
      Object.assign(pod.spec ?? {}, { initContainers: [first] });
    }),
  },
  {
    name: "silent-liar",
    title: "a consumer that prints SUCCESS and did nothing",
    cause: "observation-failed",
    check: "logs-whole",
    inPods: { says: "ERROR timed-out", reason: "it waits for what the consumer does not report" },
    programs: (files) => edited(files, "consumer.sh", "if await_mount; then\n", consumerOnly("conclude 0")),
  },
  {
    name: "forging-liar",
    title: "a consumer that prints SUCCESS with a report that its reading does not bear out",
    cause: "wrong-filesystem",
    check: "same-device",
    programs: (files) => edited(files, "consumer.sh", "if await_mount; then\n", consumerOnly(forgedReport)),
  },
  {
    name: "exit-one",
    title: "a consumer that prints SUCCESS and exits 1",
    cause: "control-failed",
    check: "conclusion",
    inPods: { says: "SUCCESS", reason: "no pod sees how another one ends" },
    programs: (files) =>
      edited(files, "consumer.sh", '  exit "$1"\n', '  [ "$ROLE" = control ] && exit "$1"\n  exit 1\n'),
  },
  {
    name: "torn-output",
    title: "truncated and interleaved output",
    cause: "observation-failed",
    check: "logs-whole",
    inPods: { says: "ERROR timed-out", reason: "it waits for what no line reports" },
    programs: (files) =>
      edited(
        files,
        "common.sh",
        "  printf '%s}\\n' \"$line\"\n",
        `  [ "$ROLE" = consumer ] || { printf '%s}\\n' "$line" && return; }
  printf '%s' "\${line%??????????}"
  printf '{"run":\\n%s}\\n' "$line"
`,
      ),
  },
];

describe("impostors, each of which fakes one thing on the real cluster", function () {
  this.timeout(240_000);
  const played = new Map<string, Played>();

  before(async () => {
    const cluster = await testCluster();
    const results = await together(impostors, 4, (impostor) => play(cluster, impostor));
    for (const [index, result] of results.entries()) {
      const name = impostors[index]?.name ?? "";
      if (result.status === "rejected") throw result.reason;
      played.set(name, result.value);
    }
  });

  for (const { name, title, cause, inPods } of impostors) {
    it(`is judged ${inPods === undefined ? "alike" : `otherwise, because ${inPods.reason},`} by the pods themselves: ${title}`, () => {
      const { verdict, observation } = played.get(name) ?? {};
      assert.ok(verdict && observation);
      const judged = judgeObserved(observation);
      assert.ok(judged);
      assert.equal(words(judged), inPods?.says ?? `${verdict.verdict} ${cause}`, judged.summary);
    });
  }

  for (const { name, title, cause, check } of impostors) {
    it(`says no SUCCESS of ${title}, and why`, () => {
      const { verdict } = played.get(name) ?? {};
      assert.ok(verdict);
      assert.notEqual(verdict.verdict, "SUCCESS");
      assert.equal(verdict.cause, cause, `${verdict.summary}\n${JSON.stringify(verdict.checks, null, 1)}`);
      if (check === undefined) return;
      const failed = verdict.checks.filter(({ passed }) => passed === false).map((one) => one.name);
      assert.ok(
        failed.some((one) => [check].flat().includes(one)),
        failed.join(),
      );
    });
  }
});

describe("pods that are not this version's, on the real cluster", function () {
  this.timeout(240_000);
  let played: PromiseSettledResult<Played>[] = [];

  before(async () => {
    const cluster = await testCluster();
    played = await together(foreignPods, 4, (scenario) => play(cluster, scenario));
  });

  for (const [index, { title, cause, difference }] of foreignPods.entries()) {
    it(`are named with their first difference: ${title}`, () => {
      const result = played[index];
      if (result?.status !== "fulfilled") throw result?.reason ?? new Error("not played");
      const { verdict } = result.value;
      assert.deepEqual([verdict.verdict, verdict.cause], ["ERROR", cause], verdict.summary);
      assert.match(verdict.summary, difference);
    });
  }
});
