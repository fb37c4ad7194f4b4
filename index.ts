import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { FuseTest } from "./components/fuse-test";
import { Guard } from "./components/guard";
import { failOn } from "./components/fail-on";
import { announceRun } from "./components/pending-outputs";
import { namespaceOwner } from "./manifests/namespace";
import { sameClusterHook } from "./components/same-cluster";
import { findProblem, requireFree } from "./components/ownership";
import { stackOwner, stackSettings } from "./components/stack";

const { settings, pods, access, providerAccess, cluster, deployedOn } = stackSettings();

announceRun(pods, cluster);

const owner = stackOwner();

const problem = findProblem({
  ...access,
  namespace: pods.namespace,
  owner: namespaceOwner(owner, settings.keepNamespace),
  stack: owner,
});

let confirm = (): void => undefined;
const registered = new Promise<void>((resolve) => {
  confirm = resolve;
});
const claim = requireFree(problem, registered);

const provider = new Provider("cluster", {
  ...providerAccess,
  // An update of the provider for another cluster would begin to replace everything.
  enableServerSideApply: claim.then(() => true),
});

const guard = settings.guard ? [new Guard("fuse-test-guard", { provider })] : [];

const test = new FuseTest(
  "fuse-test",
  {
    deployedOn,
    provider,
    pods,
    bridge: settings.hostPath,
    owner,
    problem,
    claim,
    keepNamespace: settings.keepNamespace,
    suite: settings.suite,
    before: guard,
    request: {
      ...access,
      namespace: pods.namespace,
      node: pods.node,
      run: pods.run,
      driver: pods.driver,
      image: pods.image,
      hostPath: pods.hostPath,
      timeoutSeconds: settings.timeoutSeconds,
      reports: "reports",
    },
  },
  {
    hooks: {
      beforeUpdate: [new pulumi.ResourceHook("same-cluster", sameClusterHook(problem), { onDryRun: true })],
    },
  },
);
test.urn.apply(confirm);

const { result } = test;

// Last, so that the outputs can be read even if `pulumi up` itself fails.
failOn(settings.failOn, result);

/** Exactly one of SUCCESS, FAILURE and ERROR. */
export const verdict = result.verdict;
/** Empty on SUCCESS, else a code of docs/troubleshooting.md. */
export const cause = result.cause;
/** One sentence that a person can act on. */
export const summary = result.summary;
/** Other causes that were observed and that do not follow from the named one. */
export const otherCauses = result.otherCauses;
/** Next steps, each with the command to type. */
export const nextSteps = result.nextSteps;
/** Every check: name, expected, observed, passed, milliseconds. */
export const checks = result.checks;
/** Milliseconds from the start of the run. */
export const timings = result.timings;
/** The run: id, start and end, node, versions. */
export const run = result.run;
/** Path of this run's report. */
export const report = result.report;
