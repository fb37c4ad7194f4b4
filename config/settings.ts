import { z } from "zod";
import { driverNames } from "./programs";

/** The suites, from the smallest to the largest: see docs/architecture.md. */
export const SUITES = ["quick", "standard", "full"] as const;

const dnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const dnsName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
const quantity = z.string().regex(/^[0-9]+(\.[0-9]+)?(m|k|M|G|Ki|Mi|Gi)?$/);
const amounts = z.strictObject({ cpu: quantity, memory: quantity });
/** CPU and memory of a pod, as Kubernetes quantities. */
const podResources = z.strictObject({ requests: amounts, limits: amounts });

/** A toleration as in a pod's spec. */
const toleration = z.strictObject({
  key: z.string().min(1),
  operator: z.enum(["Exists", "Equal"]).exactOptional(),
  value: z.string().exactOptional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).exactOptional(),
});

/** Parses text as JSON. Text that is not JSON is returned as it is, for the next schema to refuse. */
function json(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return text;
  }
}

/**
 * Every key of a stack's configuration: its values, its default, and for error messages the expected form and
 * an example. Values are the strings of the stack file.
 */
const schema = z.object({
  /** `embedded`: the cluster of `npm run cluster`; `kubeconfig`: the user's own. */
  cluster: z
    .enum(["embedded", "kubeconfig"])
    .default("kubeconfig")
    .meta({ expected: "embedded or kubeconfig", example: "kubeconfig" }),
  /**
   * Path of a kubeconfig; absent means the default locations. The content of a kubeconfig is refused: it is
   * secret, and would appear in the state and in the input of every command.
   */
  kubeconfig: z
    .string()
    .regex(/^[^\s{}][^\n\r{}]*$/)
    .optional()
    .meta({ expected: "the path of a kubeconfig", example: "~/.kube/config" }),
  /** Context in the kubeconfig; absent means its current one. */
  context: z
    .string()
    .min(1)
    .optional()
    .meta({ expected: "the name of a context in the kubeconfig", example: "homelab" }),
  node: dnsName.default("w2").meta({ expected: "the name of a Node object", example: "w2" }),
  namespace: dnsLabel
    .default("fuse-test")
    .meta({ expected: "the name of a namespace", example: "fuse-test" }),
  /** Absent on the embedded cluster, which has an image of its own. */
  image: z
    .string()
    .regex(/^[a-z0-9][a-zA-Z0-9._:/-]*(@sha256:[0-9a-f]{64})?$/)
    .optional()
    .meta({ expected: "an image, by version or by digest", example: "docker.io/rclone/rclone:1.71.2" }),
  driver: z
    .string()
    .refine((name) => driverNames().includes(name))
    .default("rclone")
    .meta({ expected: `one of ${driverNames().join(", ")}`, example: "rclone" }),
  hostPath: z
    .string()
    .regex(/^\/tmp(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/)
    .default("/tmp/fuse-test-bridge")
    .meta({ expected: "a canonical directory below /tmp", example: "/tmp/fuse-test-bridge" }),
  timeoutSeconds: z
    .preprocess(json, z.number().int().min(5).max(1500))
    .default(120)
    .meta({ expected: "a whole number of seconds from 5 to 1500", example: "120" }),
  /** The least bad verdict with which `pulumi up` itself fails. */
  failOn: z
    .enum(["never", "failure", "error"])
    .default("never")
    .meta({ expected: "never, failure or error", example: "failure" }),
  suite: z
    .enum(SUITES)
    .default("standard")
    .meta({ expected: "quick, standard or full", example: "standard" }),
  /** True if admission policies keep the test from running elsewhere. */
  guard: z.preprocess(json, z.boolean()).default(false).meta({ expected: "true or false", example: "true" }),
  /** True if the namespace exists already, with this user's rights in it, and is not deleted. */
  keepNamespace: z
    .preprocess(json, z.boolean())
    .default(false)
    .meta({ expected: "true or false", example: "true" }),
  /** Id of the run; a new one reruns the test. */
  run: z
    .string()
    .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/)
    .default("1")
    .meta({
      expected: "1 to 63 letters, digits, dots, dashes and underscores, as in a label's value",
      example: "2026-11-23-1",
    }),
  tolerations: z
    .preprocess(json, z.array(toleration))
    .default([{ key: "node.longhorn.io/storage", operator: "Equal", value: "enabled", effect: "NoSchedule" }])
    .meta({
      expected: "a list of tolerations, each with a key",
      example: '[{"key":"dedicated","operator":"Equal","value":"media","effect":"NoSchedule"}]',
    }),
  resources: z
    .preprocess(json, z.strictObject({ producer: podResources, consumer: podResources }))
    .default({
      producer: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
      consumer: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
    })
    .meta({
      expected: "requests and limits, each with cpu and memory, for producer and consumer",
      example:
        '{"producer":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"cpu":"500m","memory":"256Mi"}},' +
        '"consumer":{"requests":{"cpu":"50m","memory":"64Mi"},"limits":{"cpu":"200m","memory":"128Mi"}}}',
    }),
});

/** The settings of a stack: its configuration with every default filled in. */
export type Settings = Readonly<z.infer<typeof schema>>;

/** A configuration with at least one problem; the message names every one, a line each. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `the configuration has ${problems.length} problem${problems.length === 1 ? "" : "s"}:\n  ${problems.join("\n  ")}`,
    );
    this.name = "ConfigurationError";
  }
}

/**
 * Returns a wrong value for an error message, so that the user recognises it. A value of `kubeconfig` may be
 * the content of one, and is not repeated.
 */
function shown(key: keyof Settings, text: string): string {
  return key === "kubeconfig" ? `a text of ${text.length} characters` : JSON.stringify(text.slice(0, 100));
}

/** Describes what a key expects, for an error message. */
function expectation(key: keyof Settings): string {
  const { expected, example } = schema.shape[key].meta() ?? {};
  return `expected ${String(expected)}. Example: ${String(example)}`;
}

function isKey(name: string): name is keyof Settings {
  return Object.hasOwn(schema.shape, name);
}

/**
 * Returns the problems of values that exclude or require each other. A wrong `cluster` is a problem of its
 * own.
 */
function combinationProblems(values: Readonly<Record<string, string>>): string[] {
  const cluster = schema.shape.cluster.safeParse(values.cluster).data;
  if (cluster === "embedded") {
    return ["kubeconfig", "context"]
      .filter((key) => key in values)
      .map(
        (key) =>
          `fuse-test:${key} cannot be combined with fuse-test:cluster embedded, which has its own kubeconfig. Remove one of them`,
      );
  }
  return cluster === "kubeconfig" && !("image" in values)
    ? [`fuse-test:image is missing: ${expectation("image")}`]
    : [];
}

/**
 * Parses a stack's configuration.
 * @param values the texts of the `fuse-test` namespace by key.
 * @param defaultRun the run id for a configuration that names none.
 * @throws ConfigurationError that names every problem with an example of a right value.
 */
export function readSettings(values: Readonly<Record<string, string>>, defaultRun?: string): Settings {
  const problems: string[] = [];
  for (const [name, text] of Object.entries(values)) {
    if (!isKey(name)) {
      problems.push(`fuse-test:${name} is unknown. Known: ${Object.keys(schema.shape).join(", ")}`);
    } else if (!schema.shape[name].safeParse(text).success) {
      problems.push(`fuse-test:${name} is ${shown(name, text)}: ${expectation(name)}`);
    }
  }
  problems.push(...combinationProblems(values));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return schema.parse({ ...(defaultRun === undefined ? {} : { run: defaultRun }), ...values });
}

/** Picks one project's keys out of everything that Pulumi passes on, without the project's prefix. */
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
