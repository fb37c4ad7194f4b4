import { CLEANING_COMMANDS, COMMAND } from "../../../policy/rules/allowlist";
import { cleaning, examining, judging, preflight } from "../../unit/rules/requests";
import { type Case, changed } from "./case";
import { other, rights } from "./other";

type Path = readonly (string | number)[];

/** Values that a request may not have: field, value and topic. Each is the only violation in its request. */
export const WRONG_PLACES: readonly (readonly [Path, unknown, string])[] = [
  ...["w1", "w2 ", "", "W2", "w2.", "w2\n", "k3s-w1", "\uff572", "w\u200b2", "w2,w1"].map(
    (node) => [["node"], node, "node"] as const,
  ),
  ...["default", "Fuse-Test", "fuse-test-2", "kube-system", "", "fuse\u2010test", "fuse-test\u0000"].map(
    (namespace) => [["namespace"], namespace, "namespace"] as const,
  ),
  ...[
    "/",
    "/tmp",
    "/srv",
    "/var/lib/kubelet",
    "/tmp/fuse-test-bridge/../..",
    "/tmp/fuse-test-bridge/..",
    "/tmp/fuse-test-bridge/.",
    "/tmp/fuse-test-bridge/",
    "/tmp/fuse-test-bridge/a/b",
    "/tmp/fuse-test-bridge/ a",
    "/tmp/fuse-test-bridge/a\u0000",
    "/tmp/fuse-test-bridge-evil",
    "/tmp/fuse-test-bridge\n",
    "//tmp/fuse-test-bridge",
    "/proc/1/root/tmp/fuse-test-bridge",
    "tmp/fuse-test-bridge",
    "",
  ].map((hostPath) => [["hostPath"], hostPath, "host-path"] as const),
  ...[
    "registry.example/evil:1",
    "docker.io/rclone/rclone:latest",
    "docker.io/rclone/rclone",
    "rclone/rclone:1.71.2",
    "docker.io/rclone/rclone:1.71.2\n",
    "docker.io.evil.example/rclone/rclone:1.71.2",
    `docker.io/rclone/rclone@sha256:${"a".repeat(63)}`,
    `docker.io/rclone/rclone@sha512:${"a".repeat(64)}`,
    "",
  ].map((image) => [["image"], image, "image"] as const),
  ...["apiVersion: v1\nkind: Config", "", "/home/me/.kube/config\n"].map(
    (kubeconfig) => [["kubeconfig"], kubeconfig, "namespace"] as const,
  ),
  ...["a\nb", "", "default\n"].map((context) => [["context"], context, "namespace"] as const),
];

/** The same for fields of requests about a run only: the folder of its report would be elsewhere. */
export const WRONG_RUNS: readonly (readonly [Path, unknown, string])[] = [
  ...["../../../etc/cron.d", "..", "a/b", "/etc", "", "-a", "a\n", "\u0430", "a".repeat(64)].map(
    (run) => [["run"], run, "command"] as const,
  ),
  ...["/etc", "..", "reports/../..", "", "Reports"].map(
    (reports) => [["reports"], reports, "command"] as const,
  ),
];

const clean = { create: CLEANING_COMMANDS.create, delete: CLEANING_COMMANDS.delete };
const json = (request: unknown): string => JSON.stringify(request);

function command(what: string, props: object, more: Partial<Case> = {}): Case {
  return other(`a command of another project ${what}`, "command:local:Command", props, {
    ...rights,
    ...more,
  });
}

const allowed = { organization: "allowed" } as const;
const onRoot = changed(cleaning, ["hostPath"], "/srv");
const onOther = changed(onRoot, ["node"], "w1");
const inBase64 = Buffer.from(json(onOther)).toString("base64");

/** Requests to the program's commands from other projects, at any place in a command. */
export const requests: readonly Case[] = [
  ...WRONG_PLACES.map(([path, value]) =>
    command(`that cleans with ${path.join(".")} ${JSON.stringify(value)}`, {
      ...clean,
      stdin: json(changed(onRoot, path, value)),
    }),
  ),
  ...[...WRONG_PLACES, ...WRONG_RUNS].map(([path, value]) =>
    command(`that examines with ${path.join(".")} ${JSON.stringify(value)}`, {
      create: COMMAND,
      stdin: json(changed(changed(preflight, ["pods"], []), path, value)),
    }),
  ),
  command("that cleans beside a verdict", {
    create: COMMAND,
    stdin: json(changed(changed(judging, ["hostPath"], "/srv/x"), ["cleaning"], onOther)),
  }),
  command("that examines", { create: COMMAND, stdin: json(changed(examining, ["hostPath"], "/srv/x")) }),
  command("that cleans by a text of its own", { create: `echo '${json(onOther)}' | node x.cjs` }),
  command("that cleans in double quotes", { create: `echo ${json(json(onOther))} | node x.cjs` }),
  command("that cleans by a here document", { create: `node x.cjs <<E\n${json(onOther)}\nE\n` }),
  command("that cleans by a text in Base64", { create: `echo ${inBase64} | base64 -d | node x.cjs` }),
  command("that cleans by a variable", { create: "node x.cjs", environment: { REQUEST: json(onOther) } }),
  command("that cleans when it is deleted", { create: "true", delete: `node x.cjs <<< '${json(onOther)}'` }),
  command("that cleans when it is updated", { create: "true", update: `node x.cjs <<< '${json(onOther)}'` }),
  command("that cleans by its triggers", { create: "cat", triggers: [json(onOther)] }),
  command("that cleans with a node said twice", {
    ...clean,
    stdin: json(onRoot).replace('"node":', '"node":"w2","node":"w1","x":'),
  }),
  other(
    "a command on another machine that cleans",
    "command:remote:Command",
    { connection: { host: "w1" }, create: "cat", stdin: json(onOther) },
    rights,
  ),
  command(
    "with a request that names no place",
    { create: "cat", stdin: '{"node":"w1","image":"x"}' },
    allowed,
  ),
  command(
    "with a request that the program does not understand",
    { create: "cat", stdin: json(changed(onOther, ["node"], 1)) },
    allowed,
  ),
  command("with a text of its own", { create: "echo 'node: w1'", stdin: "namespace: default" }, allowed),
];
