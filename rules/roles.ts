import { BRIDGE, BRIDGE_IN_POD, UNPRIVILEGED_ID } from "./allowed";
import { exactly, type Field, forbidden, object, oneOf, optional, required, type Shape } from "./shape";

/** What tells one container of a pod of the test from another; all the rest is the same for every one. */
export interface ContainerRole {
  readonly name: string;
  /** False if the program makes the pod without it, too. */
  readonly always: boolean;
  /** The program, in the folder of the programs. */
  readonly program: string;
  /** Names that its environment may have; each has a plain value. */
  readonly environment: readonly string[];
  readonly securityContext: Shape;
  /** The container's mount of the bridge. */
  readonly bridge: Readonly<Record<string, Field>>;
}

/** What tells one pod of the test from another. */
export interface PodRole {
  /** Value of the label `fuse-test/role`. */
  readonly role: string;
  /** Name of the pod. */
  readonly pod: string;
  /** Name of the component's and the pod's resource in Pulumi. */
  readonly resource: string;
  /** Type of the component that makes the pod. */
  readonly component: string;
  readonly restartPolicy: "Never" | "OnFailure";
  /** The one directory of the node that the pod sees. */
  readonly hostPath: string;
  readonly containers: readonly ContainerRole[];
}

/** The security context of a privileged container. The user may be named, and no other right. */
function privileged(uid: number): Shape {
  return object({
    privileged: required(oneOf(true)),
    runAsUser: required(oneOf(uid)),
    runAsGroup: optional(oneOf(uid)),
    capabilities: forbidden("privilege"),
    procMount: forbidden("privilege"),
  });
}

/** The security context of every other container: no right at all. */
function unprivileged(uid: number): Shape {
  return object({
    privileged: required(oneOf(false)),
    allowPrivilegeEscalation: required(oneOf(false)),
    runAsNonRoot: required(oneOf(uid !== 0)),
    runAsUser: required(oneOf(uid)),
    runAsGroup: required(oneOf(uid)),
    readOnlyRootFilesystem: required(oneOf(true)),
    capabilities: required(object({ drop: required(exactly("ALL")) })),
    seccompProfile: required(object({ type: required(oneOf("RuntimeDefault")) })),
  });
}

type Propagation = "None" | "HostToContainer" | "Bidirectional";

/** A mount of the bridge; the API server leaves out a `readOnly` that is false. */
function bridge(propagation: Propagation, access: "read" | "write"): Readonly<Record<string, Field>> {
  return {
    mountPath: required(oneOf(BRIDGE_IN_POD)),
    mountPropagation: required(oneOf(propagation), "privilege"),
    readOnly: access === "read" ? required(oneOf(true), "host-path") : optional(oneOf(false), "host-path"),
  };
}

/** A pod that looks for the mount. */
function looking(role: string, propagation: Propagation): PodRole {
  return {
    role,
    pod: `fuse-${role}`,
    resource: `fuse-test-${role}`,
    component: "fuse-test:index:Consumer",
    restartPolicy: "Never",
    hostPath: BRIDGE,
    containers: [
      {
        name: role,
        always: true,
        program: "consumer.sh",
        environment: ["RUN", "ROLE", "TIMEOUT_SECONDS"],
        securityContext: unprivileged(UNPRIVILEGED_ID),
        bridge: bridge(propagation, "read"),
      },
    ],
  };
}

const SHORT = { None: "none", HostToContainer: "slave", Bidirectional: "shared" } as const;

/** A container of the examination's matrix. */
function cell({
  propagation,
  uid,
  rights,
  name = `${rights}-${SHORT[propagation]}-${uid}`,
}: {
  readonly propagation: Propagation;
  readonly uid: number;
  readonly rights: "privileged" | "plain";
  readonly name?: string;
}): ContainerRole {
  return {
    name,
    always: false,
    program: "examination-consumer.sh",
    environment: ["RUN", "CELL", "WAIT_SECONDS"],
    securityContext: rights === "privileged" ? privileged(uid) : unprivileged(uid),
    bridge: bridge(propagation, "write"),
  };
}

const users = [0, UNPRIVILEGED_ID];

const examination = {
  component: "fuse-test:index:Examination",
  restartPolicy: "OnFailure",
  hostPath: BRIDGE,
} as const;

/** Every pod that the program makes. A new pod is a new entry here, and nothing else. */
export const ROLES: readonly PodRole[] = [
  {
    role: "producer",
    pod: "fuse-producer",
    resource: "fuse-test-producer",
    component: "fuse-test:index:Producer",
    restartPolicy: "Never",
    hostPath: BRIDGE,
    containers: [
      {
        name: "producer",
        always: true,
        program: "producer.sh",
        environment: ["RUN", "DRIVER", "WAIT_FOR", "WAIT_SECONDS", "LIFETIME_SECONDS"],
        securityContext: privileged(0),
        bridge: bridge("Bidirectional", "write"),
      },
    ],
  },
  looking("consumer", "HostToContainer"),
  looking("control", "None"),
  {
    ...examination,
    role: "examination-producer",
    pod: "fuse-examination-producer",
    resource: "fuse-test-examination-producer",
    containers: [
      {
        name: "examination-producer",
        always: true,
        program: "examination-producer.sh",
        environment: ["RUN", "DRIVER", "CELLS", "STEPS", "WAIT_SECONDS"],
        securityContext: privileged(0),
        bridge: bridge("Bidirectional", "write"),
      },
      ...users.flatMap((uid) =>
        (["None", "HostToContainer", "Bidirectional"] as const).map((propagation) =>
          cell({ propagation, uid, rights: "privileged" }),
        ),
      ),
    ],
  },
  {
    ...examination,
    role: "examination-consumer",
    pod: "fuse-examination-consumer",
    resource: "fuse-test-examination-consumer",
    containers: [
      {
        ...cell({
          propagation: "HostToContainer",
          uid: UNPRIVILEGED_ID,
          rights: "plain",
          name: "reader",
        }),
        always: true,
      },
      // Root without rights: the matrix shows that root reads root's mount without allow_other.
      ...users.flatMap((uid) =>
        (["None", "HostToContainer"] as const).map((propagation) =>
          cell({ propagation, uid, rights: "plain" }),
        ),
      ),
    ],
  },
];
