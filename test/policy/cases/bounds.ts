import { type Case, REMOVED, secret, UNKNOWN } from "./case";
import { podSettings, producer } from "./fixtures";
import { container, onlyInPulumi, pod } from "./mutation";

const digest = "a".repeat(64);

/** What a pod may use and run. */
export const bounds: readonly Case[] = [
  pod(producer, "bounded-pods", "no resources", [...container, "resources"], REMOVED),
  pod(producer, "bounded-pods", "no limits", [...container, "resources", "limits"], REMOVED),
  pod(producer, "bounded-pods", "no memory limit", [...container, "resources", "limits", "memory"], REMOVED),
  {
    ...pod(producer, "bounded-pods", "no requests", [...container, "resources", "requests"], REMOVED),
    admission: "allowed",
    reason: "the API server takes the limits for requests",
  },
  pod(producer, "bounded-pods", "no deadline", ["spec", "activeDeadlineSeconds"], REMOVED),
  pod(producer, "bounded-pods", "a long deadline", ["spec", "activeDeadlineSeconds"], 1801),
  pod(producer, "bounded-pods", "a deadline of 0", ["spec", "activeDeadlineSeconds"], 0),
  pod(producer, "bounded-pods", 'a deadline "60"', ["spec", "activeDeadlineSeconds"], "60"),
  pod(producer, "bounded-pods", "restarts", ["spec", "restartPolicy"], "Always"),
  pod(producer, "bounded-pods", "a long grace", ["spec", "terminationGracePeriodSeconds"], 3600),
  onlyInPulumi("bounded-pods", "a secret grace", ["spec", "terminationGracePeriodSeconds"], secret(10)),
  onlyInPulumi("bounded-pods", "an unknown deadline", ["spec", "activeDeadlineSeconds"], UNKNOWN),
  ...[
    "tools",
    "tools:latest",
    "docker.io/rclone/rclone",
    "docker.io/rclone/rclone:latest",
    "registry.example/tools:1.0",
    `registry.example/tools@sha256:${digest}0`,
    `registry.example/tools@sha256:${"A".repeat(64)}`,
    `registry.example/tools@md5:${digest}`,
    "docker.io.evil.example/rclone/rclone:1.71.2",
    "",
    "[secret]",
  ].map((image) =>
    pod(producer, "pinned-images", `image ${JSON.stringify(image)}`, [...container, "image"], image),
  ),
  onlyInPulumi("pinned-images", "an unknown image", [...container, "image"], UNKNOWN),
  onlyInPulumi("pinned-images", "a secret image", [...container, "image"], secret(podSettings.image)),
  pod(producer, "pinned-images", "image pulls always", [...container, "imagePullPolicy"], "Always"),
  pod(producer, "known-commands", "another command", [...container, "command"], ["/bin/sh", "-c", "id"]),
  pod(producer, "known-commands", "no command", [...container, "command"], REMOVED),
  pod(producer, "known-commands", "arguments", [...container, "args"], ["x"]),
  pod(producer, "known-commands", "a hook", [...container, "lifecycle"], {
    postStart: { exec: { command: ["id"] } },
  }),
  pod(
    producer,
    "known-commands",
    "environment from a secret",
    [...container, "envFrom"],
    [{ secretRef: { name: "x" } }],
  ),
  pod(producer, "known-commands", "a variable that no program reads", [...container, "env", 5], {
    name: "LD_PRELOAD",
    value: "/x",
  }),
  pod(producer, "known-commands", "a variable from elsewhere", [...container, "env", 0], {
    name: "RUN",
    valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } },
  }),
];
