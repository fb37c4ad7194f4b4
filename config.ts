import { z } from "zod";
import { driverNames } from "./manifests/programs";

/** CPU and memory that a pod asks for and may use, as Kubernetes quantities. */
export interface PodResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/** A toleration as in a pod's spec. */
export interface Toleration {
  readonly key: string;
  readonly operator?: "Exists" | "Equal";
  readonly value?: string;
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** Everything that a stack's configuration decides. */
export interface Settings {
  /** `embedded`: the cluster of `npm run cluster`; `kubeconfig`: the user's own. */
  readonly cluster: "embedded" | "kubeconfig";
  /** Path of a kubeconfig; absent means the usual places. */
  readonly kubeconfig?: string | undefined;
  /** Context in the kubeconfig; absent means its current one. */
  readonly context?: string | undefined;
  readonly node: string;
  readonly namespace: string;
  /** Absent on the embedded cluster, which has an image of its own. */
  readonly image?: string | undefined;
  readonly driver: string;
  readonly hostPath: string;
  readonly timeoutSeconds: number;
  /** The verdict from which on `pulumi up` itself fails. */
  readonly failOn: "never" | "failure" | "error";
  readonly suite: (typeof SUITES)[number];
  /** Whether the cluster itself is made to refuse the test elsewhere. */
  readonly guard: boolean;
  /** Whether the namespace is there already, with this user's rights in it, and is left as it is. */
  readonly keepNamespace: boolean;
  /** Id of the run; a new one reruns the test. */
  readonly run: string;
  readonly tolerations: readonly Toleration[];
  readonly resources: { readonly producer: PodResources; readonly consumer: PodResources };
}

/** How much is tested: see docs/architecture.md. */
export const SUITES = ["quick", "standard", "full"] as const;

interface Key {
  readonly schema: z.ZodType;
  readonly expected: string;
  readonly example: string;
}

const dnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const dnsName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
const quantity = z.string().regex(/^[0-9]+(\.[0-9]+)?(m|k|M|G|Ki|Mi|Gi)?$/);
const amounts = z.strictObject({ cpu: quantity, memory: quantity });
const podResources = z.strictObject({ requests: amounts, limits: amounts });

const toleration = z.strictObject({
  key: z.string().min(1),
  operator: z.enum(["Exists", "Equal"]).optional(),
  value: z.string().optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
});

/** Parses text as JSON; what is not JSON stays text, for the next schema to refuse. */
function json(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return text;
  }
}

const keys: Readonly<Record<keyof Settings, Key>> = {
  cluster: {
    schema: z.enum(["embedded", "kubeconfig"]),
    expected: "embedded or kubeconfig",
    example: "kubeconfig",
  },
  kubeconfig: {
    // Not what a kubeconfig holds: that is secret, and would be in the state and in what every command is told.
    schema: z.string().regex(/^[^\s{}][^\n\r{}]*$/),
    expected: "the path of a kubeconfig",
    example: "~/.kube/config",
  },
  context: {
    schema: z.string().min(1),
    expected: "the name of a context in the kubeconfig",
    example: "homelab",
  },
  node: { schema: dnsName, expected: "the name of a Node object", example: "w2" },
  namespace: { schema: dnsLabel, expected: "the name of a namespace", example: "fuse-test" },
  image: {
    schema: z.string().regex(/^[a-z0-9][a-zA-Z0-9._:/-]*(@sha256:[0-9a-f]{64})?$/),
    expected: "an image, by version or by digest",
    example: "docker.io/rclone/rclone:1.71.2",
  },
  driver: {
    schema: z.string().refine((name) => driverNames().includes(name)),
    expected: `one of ${driverNames().join(", ")}`,
    example: "rclone",
  },
  hostPath: {
    schema: z.string().regex(/^\/tmp(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/),
    expected: "a canonical directory below /tmp",
    example: "/tmp/fuse-test-bridge",
  },
  timeoutSeconds: {
    schema: z.preprocess(json, z.number().int().min(5).max(1500)),
    expected: "a whole number of seconds from 5 to 1500",
    example: "120",
  },
  failOn: {
    schema: z.enum(["never", "failure", "error"]),
    expected: "never, failure or error",
    example: "failure",
  },
  suite: {
    schema: z.enum(SUITES),
    expected: "quick, standard or full",
    example: "standard",
  },
  guard: { schema: z.preprocess(json, z.boolean()), expected: "true or false", example: "true" },
  keepNamespace: { schema: z.preprocess(json, z.boolean()), expected: "true or false", example: "true" },
  run: {
    schema: z.string().regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/),
    expected: "1 to 63 letters, digits, dots, dashes and underscores, as in a label's value",
    example: "2026-11-23-1",
  },
  tolerations: {
    schema: z.preprocess(json, z.array(toleration)),
    expected: "a list of tolerations, each with a key",
    example: '[{"key":"dedicated","operator":"Equal","value":"media","effect":"NoSchedule"}]',
  },
  resources: {
    schema: z.preprocess(json, z.strictObject({ producer: podResources, consumer: podResources })),
    expected: "requests and limits, each with cpu and memory, for producer and consumer",
    example:
      '{"producer":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"cpu":"500m","memory":"256Mi"}},' +
      '"consumer":{"requests":{"cpu":"50m","memory":"64Mi"},"limits":{"cpu":"200m","memory":"128Mi"}}}',
  },
};

const defaults = {
  cluster: "kubeconfig",
  node: "w2",
  namespace: "fuse-test",
  driver: "rclone",
  hostPath: "/tmp/fuse-test-bridge",
  timeoutSeconds: 120,
  failOn: "never",
  suite: "standard",
  guard: false,
  keepNamespace: false,
  run: "1",
  tolerations: [
    { key: "node.longhorn.io/storage", operator: "Equal", value: "enabled", effect: "NoSchedule" },
  ],
  resources: {
    producer: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
    consumer: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  },
} as const satisfies Partial<Settings>;

/** A configuration with at least one problem; the message names every one, a line each. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `the configuration has ${problems.length} problem${problems.length === 1 ? "" : "s"}:\n  ${problems.join("\n  ")}`,
    );
    this.name = "ConfigurationError";
  }
}

/** A wrong value, for a person to know it again. In a kubeconfig's place it may be one, and is not repeated. */
function shown(key: keyof Settings, text: string): string {
  return key === "kubeconfig" ? `a text of ${text.length} characters` : JSON.stringify(text.slice(0, 100));
}

function isKey(name: string): name is keyof Settings {
  return Object.hasOwn(keys, name);
}

function combinationProblems(settings: Partial<Settings>, hasImage: boolean): string[] {
  const problems: string[] = [];
  if (settings.cluster === "embedded") {
    for (const key of ["kubeconfig", "context"] as const) {
      if (settings[key] !== undefined) {
        problems.push(
          `fuse-test:${key} cannot go with fuse-test:cluster embedded, which has a kubeconfig of its own. Remove one of them`,
        );
      }
    }
  } else if (settings.cluster === "kubeconfig" && !hasImage) {
    problems.push(
      `fuse-test:image is missing: expected ${keys.image.expected}. Example: ${keys.image.example}`,
    );
  }
  return problems;
}

/**
 * Reads a stack's configuration: the values of the `fuse-test` namespace by key, as Pulumi hands them on.
 * @param defaultRun the run id where the configuration names none.
 * @throws ConfigurationError that names every problem with an example of a right value.
 */
export function readSettings(
  values: Readonly<Record<string, string>>,
  defaultRun: string = defaults.run,
): Settings {
  const problems: string[] = [];
  const settings: Record<string, unknown> = { ...defaults, run: defaultRun };
  for (const [name, text] of Object.entries(values)) {
    if (!isKey(name)) {
      problems.push(`fuse-test:${name} is not known. Known: ${Object.keys(keys).join(", ")}`);
      continue;
    }
    const { schema, expected, example } = keys[name];
    const parsed = schema.safeParse(text);
    if (parsed.success) {
      settings[name] = parsed.data;
    } else {
      problems.push(`fuse-test:${name} is ${shown(name, text)}: expected ${expected}. Example: ${example}`);
    }
  }
  problems.push(...combinationProblems(settings, "image" in values));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return settings as unknown as Settings;
}

/** Picks one project's keys out of everything that Pulumi hands on, without the project's prefix. */
export function projectValues(
  all: Readonly<Record<string, string>>,
  project: string,
): Record<string, string> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
