import { stringify } from "yaml";
import { readSettings } from "../config/settings";
import { driverNames } from "../config/programs";

/** A configuration of the program, and the result that the policies must give for it. */
export interface Variation {
  readonly name: string;
  /** Values of the project's keys, over those of the stack `homelab`. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The policy that must refuse it; absent if all must accept it. */
  readonly refusedBy?: string;
}

const digest = `registry.example/fuse-test@sha256:${"0".repeat(64)}`;

/**
 * Configurations that together use every key. The program accepts all of them; the policies accept some and refuse the
 * others, without which a missing pack would not be noticed.
 */
export const VARIATIONS: readonly Variation[] = [
  {
    name: "full-on-k3s-w2",
    values: {
      node: "k3s-w2",
      suite: "full",
      image: digest,
      guard: true,
      run: "2026-11-23-1",
      context: "other",
      timeoutSeconds: 1500,
      failOn: "failure",
      namespace: "fuse-test",
      hostPath: "/tmp/fuse-test-bridge",
      tolerations: [],
      resources: {
        producer: { requests: { cpu: "1", memory: "64M" }, limits: { cpu: "1.5", memory: "1Gi" } },
        consumer: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "20m", memory: "32Mi" } },
      },
    },
  },
  { name: "in-a-kept-namespace", values: { suite: "quick", image: digest, keepNamespace: true } },
  ...driverNames().map((driver) => ({
    name: `driver-${driver}`,
    values: { driver, suite: "quick", image: digest },
  })),
  { name: "node-w1", values: { suite: "quick", node: "w1" }, refusedBy: "allowed-node" },
  {
    name: "namespace-default",
    values: { suite: "quick", namespace: "default" },
    refusedBy: "allowed-namespace",
  },
  {
    name: "another-bridge",
    values: { suite: "quick", hostPath: "/tmp/fuse-test-bridge-evil" },
    refusedBy: "bridge-only",
  },
  {
    name: "a-private-image-by-tag",
    values: { suite: "quick", image: "registry.example/tools:1" },
    refusedBy: "pinned-images",
  },
];

/** Returns the values as they are in a stack's file: a value that is not a text is JSON. */
export function configOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}

/**
 * Checks that the program accepts a variation, so that only a policy can refuse it.
 * @throws ConfigurationError if the program does not accept it.
 */
export function assertTaken(values: Readonly<Record<string, unknown>>): void {
  readSettings(configOf(values));
}

/** A kubeconfig that reaches no cluster: a preview needs no cluster and no credentials. */
export const NOWHERE = stringify({
  apiVersion: "v1",
  kind: "Config",
  clusters: ["default", "other"].map((name) => ({ name, cluster: { server: "https://127.0.0.1:9" } })),
  users: [{ name: "nobody", user: {} }],
  contexts: ["default", "other"].map((name) => ({ name, context: { cluster: name, user: "nobody" } })),
  "current-context": "default",
});
