import type { Settings } from "../config/settings";

/** Namespace of the Stack and of its workspace. */
const OPERATOR_NAMESPACE = "pulumi-kubernetes-operator";

/** Name of the Stack. */
const OPERATOR_NAME = "fuse-test";

/** Values that differ from one repository to another. */
export interface OperatorOptions {
  /** URL of the git repository that holds this project. */
  readonly repository: string;
  readonly branch: string;
  /** Name of Pulumi's stack. */
  readonly stack: string;
}

/** The stack's configuration, as the operator hands it to `pulumi config set-all`. */
function configuration(settings: Settings, run: string): Record<string, string> {
  const { node, driver, image, timeoutSeconds, tolerations } = settings;
  return {
    // A Stack is healthy when its update succeeded: with this, FAILURE and ERROR make the update fail.
    "fuse-test:failOn": "failure",
    "fuse-test:driver": driver,
    ...(image === undefined ? {} : { "fuse-test:image": image }),
    "fuse-test:node": node,
    "fuse-test:run": run,
    "fuse-test:timeoutSeconds": String(timeoutSeconds),
    "fuse-test:tolerations": JSON.stringify(tolerations),
  };
}

/**
 * Returns the Stack of the Pulumi Kubernetes Operator, version 2.8 or later. The operator runs `pulumi up` in a checkout of
 * this project, and `pulumi destroy` before the Stack goes.
 */
export function operatorManifests(settings: Settings, options: OperatorOptions): readonly object[] {
  const { repository, branch, stack } = options;
  return [
    {
      apiVersion: "pulumi.com/v1",
      kind: "Stack",
      metadata: { name: OPERATOR_NAME, namespace: OPERATOR_NAMESPACE },
      spec: {
        branch,
        config: configuration(settings, settings.run),
        destroyOnFinalize: true,
        projectRepo: repository,
        serviceAccountName: OPERATOR_NAME,
        stack,
      },
    },
  ];
}
