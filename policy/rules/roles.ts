import {
  BRIDGE,
  BRIDGE_IN_POD,
  LONGEST_POD_SECONDS,
  PROGRAMS,
  RUN_DIRECTORY,
  RUN_LIST,
  UNPRIVILEGED_ID,
} from "./allowlist";
import {
  exactly,
  type Field,
  forbidden,
  object,
  oneOf,
  optional,
  required,
  type Shape,
  text,
} from "./schema";

/** Properties of a container of the test; all other fields are the same for every container. */
export interface ContainerRole {
  readonly name: string;
  /** False if the program also creates the pod without it. */
  readonly always: boolean;
  /** The program, in the folder of the programs. */
  readonly program: string;
  /** Variables of its environment, by name. */
  readonly environment: Readonly<Record<string, Shape>>;
  /** Further variables: only if GitOps deploys the test, and the consumer judges. */
  readonly judged?: Readonly<Record<string, Shape>>;
  readonly securityContext: Shape;
  /** The container's mount of the node's directory. */
  readonly mount: Readonly<Record<string, Field>>;
}

/** The one directory of the node that a pod sees. */
interface NodeVolume {
  readonly name: string;
  readonly path: Shape;
  readonly type: "Directory" | "DirectoryOrCreate";
}

/** Properties of a pod of the test. */
export interface PodRole {
  /** Value of the label `fuse-test/role`. */
  readonly role: string;
  /** Name of the pod; of a Job's pod the beginning of it, before the ending that the Job controller adds. */
  readonly pod: string;
  /** Name of the Job that creates the pod; absent for a pod that is declared as one. */
  readonly job?: string;
  /** Its component and resource in Pulumi; absent for a pod that a command of the program creates. */
  readonly place?: { readonly component: string; readonly resource: string };
  readonly restartPolicy: "Never" | "OnFailure";
  /** Seconds after which Kubernetes ends the pod at the latest. */
  readonly longestSeconds: number;
  /** Seconds of the pod's termination grace period at the most; absent means 30. */
  readonly longestGraceSeconds?: number;
  readonly volume: NodeVolume;
  /** Name of the ConfigMap with its programs. */
  readonly programs: string;
  readonly containers: readonly ContainerRole[];
}

/** Builds the security context of a privileged container. It may name the user, and no other right. */
function privileged(uid: number): Shape {
  return object({
    privileged: required(oneOf(true)),
    runAsUser: required(oneOf(uid)),
    runAsGroup: optional(oneOf(uid)),
    capabilities: forbidden("privilege"),
    procMount: forbidden("privilege"),
  });
}

/** Builds the security context of every other container: no rights at all. */
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

const bridgeVolume: NodeVolume = {
  name: "bridge",
  path: text(RUN_DIRECTORY, `${BRIDGE}/RUN, the directory of a run by its id`),
  type: "DirectoryOrCreate",
};

const lasting = { longestSeconds: LONGEST_POD_SECONDS, volume: bridgeVolume, programs: PROGRAMS } as const;

const line = text("^[^\\n]*$", "one line");

function lines(...names: readonly string[]): Readonly<Record<string, Shape>> {
  return Object.fromEntries(names.map((name) => [name, line]));
}

const judged = { JUDGE: oneOf(String(UNPRIVILEGED_ID)) };

type Propagation = "None" | "HostToContainer" | "Bidirectional";

/** Builds a mount of the bridge; the API server leaves out a `readOnly` that is false. */
function bridge(propagation: Propagation, access: "read" | "write"): Readonly<Record<string, Field>> {
  return {
    mountPath: required(oneOf(BRIDGE_IN_POD)),
    mountPropagation: required(oneOf(propagation), "privilege"),
    readOnly: access === "read" ? required(oneOf(true), "host-path") : optional(oneOf(false), "host-path"),
  };
}

/** Builds the role of a pod that reads the mount. */
function looking(role: string, propagation: Propagation): PodRole {
  return {
    role,
    pod: `fuse-${role}`,
    place: { component: "fuse-test:index:Consumer", resource: `fuse-test-${role}` },
    restartPolicy: "Never",
    ...lasting,
    containers: [
      {
        name: role,
        always: true,
        program: "consumer.sh",
        environment: lines("RUN", "ROLE", "TIMEOUT_SECONDS"),
        judged,
        securityContext: unprivileged(UNPRIVILEGED_ID),
        mount: bridge(propagation, "read"),
      },
    ],
  };
}

/** Builds the role of the consumer as GitOps deploys it: the pod of a Job, whose completion is the verdict. */
function asJob(consumer: PodRole): PodRole {
  const { role, restartPolicy, containers } = consumer;
  return { role, pod: "fuse-consumer-", job: "fuse-consumer", restartPolicy, ...lasting, containers };
}

/** The node's /tmp: a directory can be removed only from its parent, and this is the parent of the bridge. */
const cleaning = {
  volume: { name: "tmp", path: oneOf("/tmp"), type: "Directory" },
  mount: (...propagations: readonly Propagation[]): Readonly<Record<string, Field>> => ({
    mountPath: required(oneOf("/mnt/tmp")),
    mountPropagation: required(oneOf(...propagations), "privilege"),
  }),
} as const;

/** Builds a container of the pod that cleans up after a test that GitOps runs. */
function cleaner(name: string, standby: "yes" | "no", propagation: Propagation): ContainerRole {
  return {
    name,
    always: true,
    program: "cleaner.sh",
    environment: { RUN: line, BRIDGE: oneOf(`/mnt${BRIDGE}`), STANDBY: oneOf(standby) },
    securityContext: privileged(0),
    mount: cleaning.mount(propagation),
  };
}

const SHORT = { None: "none", HostToContainer: "slave", Bidirectional: "shared" } as const;

/** Builds a container of the examination's matrix. */
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
    environment: lines("RUN", "CELL", "WAIT_SECONDS"),
    securityContext: rights === "privileged" ? privileged(uid) : unprivileged(uid),
    mount: bridge(propagation, "write"),
  };
}

const users = [0, UNPRIVILEGED_ID];

/** Builds the role of a pod of the suites `standard` and `full`. */
function examination(role: string): Omit<PodRole, "containers"> {
  return {
    role: `examination-${role}`,
    pod: `fuse-examination-${role}`,
    place: { component: "fuse-test:index:Examination", resource: `fuse-test-examination-${role}` },
    restartPolicy: "OnFailure",
    ...lasting,
  };
}

/** Every pod that the program creates. A new pod needs only a new entry here. */
export const ROLES: readonly PodRole[] = [
  {
    role: "producer",
    pod: "fuse-producer",
    place: { component: "fuse-test:index:Producer", resource: "fuse-test-producer" },
    restartPolicy: "Never",
    ...lasting,
    containers: [
      {
        name: "producer",
        always: true,
        program: "producer.sh",
        environment: lines("RUN", "DRIVER", "WAIT_FOR", "WAIT_SECONDS", "LIFETIME_SECONDS"),
        judged,
        securityContext: privileged(0),
        mount: bridge("Bidirectional", "write"),
      },
    ],
  },
  looking("consumer", "HostToContainer"),
  asJob(looking("consumer", "HostToContainer")),
  looking("control", "None"),
  {
    role: "cleaner",
    pod: "fuse-cleaner",
    restartPolicy: "Never",
    longestSeconds: LONGEST_POD_SECONDS,
    longestGraceSeconds: 110,
    volume: cleaning.volume,
    programs: PROGRAMS,
    containers: [cleaner("cleaner", "no", "Bidirectional"), cleaner("cleaner-standby", "yes", "None")],
  },
  {
    ...examination("producer"),
    containers: [
      {
        name: "examination-producer",
        always: true,
        program: "examination-producer.sh",
        environment: lines("RUN", "DRIVER", "CELLS", "STEPS", "WAIT_SECONDS"),
        securityContext: privileged(0),
        mount: bridge("Bidirectional", "write"),
      },
      ...users.flatMap((uid) =>
        (["None", "HostToContainer", "Bidirectional"] as const).map((propagation) =>
          cell({ propagation, uid, rights: "privileged" }),
        ),
      ),
    ],
  },
  {
    ...examination("consumer"),
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
  {
    role: "janitor",
    pod: "fuse-janitor",
    restartPolicy: "Never",
    longestSeconds: 60,
    volume: cleaning.volume,
    programs: "fuse-test-janitor",
    containers: [
      {
        name: "janitor",
        always: true,
        program: "janitor.sh",
        environment: {
          RUN: line,
          BRIDGE: oneOf(`/mnt${BRIDGE}`),
          RUNS: text(RUN_LIST, "ids of runs"),
          KEEP: text(RUN_LIST, "ids of runs"),
          WAIT: oneOf("yes", "no"),
        },
        securityContext: privileged(0),
        mount: cleaning.mount("Bidirectional", "None"),
      },
    ],
  },
];
