import type { Settings } from "../config/settings";
import { DEPLOYER, deployerManifests, type Subject } from "../policy/admission/deployer";

/** Namespace of the Stack and of its workspace. */
export const OPERATOR_NAMESPACE = "pulumi-kubernetes-operator";

/** Name of the Stack. */
const OPERATOR_NAME = "fuse-test";

/** The Secret with the access token of the backend, as the operator's own examples name it. */
const TOKEN_SECRET = { name: "pulumi-api-secret", key: "accessToken" };

/** Values that differ from one repository to another. */
export interface OperatorOptions {
  /** URL of the git repository that holds this project. */
  readonly repository: string;
  readonly branch: string;
  /** Name of Pulumi's stack. */
  readonly stack: string;
}

/** Returns the stack's configuration, as the operator passes it to `pulumi config set-all`. */
function configuration(settings: Settings): Record<string, string> {
  const { node, driver, image, run, timeoutSeconds, tolerations } = settings;
  return {
    // A Stack is healthy when its update succeeded: with this, FAILURE and ERROR make the update fail.
    "fuse-test:failOn": "failure",
    "fuse-test:cluster": "kubeconfig",
    "fuse-test:driver": driver,
    // The namespace and the guard are the administrator's: the workspace has the deployer's rights alone.
    "fuse-test:guard": "false",
    ...(image === undefined ? {} : { "fuse-test:image": image }),
    "fuse-test:keepNamespace": "true",
    "fuse-test:node": node,
    "fuse-test:run": run,
    "fuse-test:timeoutSeconds": String(timeoutSeconds),
    "fuse-test:tolerations": JSON.stringify(tolerations),
  };
}

const serviceAccount: Subject = { kind: "ServiceAccount", name: DEPLOYER, namespace: OPERATOR_NAMESPACE };

/** The right to have tokens reviewed, by which the workspace recognises the operator. */
const authDelegator = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: `${DEPLOYER}-auth-delegator` },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:auth-delegator" },
  subjects: [serviceAccount],
};

/**
 * Returns the Stack of the Pulumi Kubernetes Operator, version 2.8 or later. The operator runs `pulumi up` in a checkout of
 * this project, and `pulumi destroy` before the Stack is deleted.
 */
function stackManifest(settings: Settings, { repository, branch, stack }: OperatorOptions) {
  return {
    apiVersion: "pulumi.com/v1",
    kind: "Stack",
    metadata: { name: OPERATOR_NAME, namespace: OPERATOR_NAMESPACE },
    spec: {
      branch,
      config: configuration(settings),
      destroyOnFinalize: true,
      envRefs: { PULUMI_ACCESS_TOKEN: { type: "Secret", secret: TOKEN_SECRET } },
      projectRepo: repository,
      serviceAccountName: DEPLOYER,
      stack,
    },
  };
}

/**
 * Returns what is applied outside the test: the namespace with its limits, the service account of the workspace with the
 * deployer's rights, and the Stack, which comes last.
 */
export function operatorManifests(settings: Settings, options: OperatorOptions): readonly object[] {
  return [
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: DEPLOYER, namespace: OPERATOR_NAMESPACE },
    },
    ...deployerManifests([serviceAccount]),
    authDelegator,
    stackManifest(settings, options),
  ];
}
