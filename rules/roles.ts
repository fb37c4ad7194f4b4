import { BRIDGE_IN_POD, UNPRIVILEGED_ID } from "./allowed";
import { type Field, forbidden, object, oneOf, exactly, required, type Shape } from "./shape";

/** What tells one pod of the test from another; all the rest is the same for every pod. */
export interface PodRole {
  /** Value of the label `fuse-test/role`, and name of the one container. */
  readonly role: string;
  /** Name of the pod. */
  readonly pod: string;
  /** Name of the component's and the pod's resource in Pulumi. */
  readonly resource: string;
  /** Type of the component that makes the pod. */
  readonly component: string;
  /** The program, in the folder of the programs. */
  readonly program: string;
  /** Names of the environment variables; each has a plain value. */
  readonly environment: readonly string[];
  readonly securityContext: Shape;
  /** The container's mount of the bridge. */
  readonly bridge: Readonly<Record<string, Field>>;
}

/** The security context of the one privileged container. */
const privileged = object({
  privileged: required(oneOf(true)),
  runAsUser: required(oneOf(0)),
  capabilities: forbidden("privilege"),
  procMount: forbidden("privilege"),
});

/** The security context of every other container: no right at all. */
const unprivileged = object({
  privileged: required(oneOf(false)),
  allowPrivilegeEscalation: required(oneOf(false)),
  runAsNonRoot: required(oneOf(true)),
  runAsUser: required(oneOf(UNPRIVILEGED_ID)),
  runAsGroup: required(oneOf(UNPRIVILEGED_ID)),
  readOnlyRootFilesystem: required(oneOf(true)),
  capabilities: required(object({ drop: required(exactly("ALL")) })),
  seccompProfile: required(object({ type: required(oneOf("RuntimeDefault")) })),
});

const mountPath = required(oneOf(BRIDGE_IN_POD));

function bridge(propagation: string, readOnly: Field): Readonly<Record<string, Field>> {
  return { mountPath, mountPropagation: required(oneOf(propagation), "privilege"), readOnly };
}

const readOnly = required(oneOf(true), "host-path");

const looking = {
  component: "fuse-test:index:Consumer",
  program: "consumer.sh",
  environment: ["RUN", "ROLE", "TIMEOUT_SECONDS"],
  securityContext: unprivileged,
} as const;

/** Every pod that the program makes. A new pod is a new entry here, and nothing else. */
export const ROLES: readonly PodRole[] = [
  {
    role: "producer",
    pod: "fuse-producer",
    resource: "fuse-test-producer",
    component: "fuse-test:index:Producer",
    program: "producer.sh",
    environment: ["RUN", "DRIVER", "WAIT_FOR", "WAIT_SECONDS", "LIFETIME_SECONDS"],
    securityContext: privileged,
    bridge: bridge("Bidirectional", forbidden("host-path")),
  },
  {
    ...looking,
    role: "consumer",
    pod: "fuse-consumer",
    resource: "fuse-test-consumer",
    bridge: bridge("HostToContainer", readOnly),
  },
  {
    ...looking,
    role: "control",
    pod: "fuse-control",
    resource: "fuse-test-control",
    bridge: bridge("None", readOnly),
  },
];
