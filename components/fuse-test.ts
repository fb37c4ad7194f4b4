import * as pulumi from "@pulumi/pulumi";
import type { ClaimProblem } from "../cleanup/ownership";
import type { DeployedCluster } from "../kube/deployed-cluster";
import type { PodSettings, Role } from "../manifests/common";
import { consumerManifest } from "../manifests/consumer";
import { producerManifest } from "../manifests/producer";
import { namespaceOwner } from "../manifests/namespace";
import type { CleanRequest } from "../protocol/cleanup-request";
import { cleanRequest } from "../protocol/cleanup-request-of";
import { parsePreflightResult, parseVerdict, type PreflightResult, type Verdict } from "../protocol/verdict";
import type { RequestBase } from "../protocol/verdict-request";
import { refusedCells, type Suite } from "../config/suites";
import {
  examinationConsumerManifest,
  examinationProducerManifest,
  refusedManifest,
} from "../manifests/examination";
import { Cleanup } from "./cleanup";
import { TestNamespace } from "./namespace";
import { keptCluster } from "./same-cluster";
import { Programs } from "./programs";
import { TestCommand } from "./test-command";
import { TestPod, type TestPodArgs } from "./test-pod";
import type { TestResourceOptions } from "./test-resource";

export interface FuseTestArgs {
  /** The cluster, as the state keeps it: an update compares it with the next one. */
  readonly deployedOn: DeployedCluster;
  /** Resolves with why the stack cannot use the cluster or the namespace; absent if nothing is to be asked. */
  readonly problem?: Promise<ClaimProblem | undefined>;
  /** The provider of that cluster; undefined for Pulumi's default one. */
  readonly provider?: pulumi.ProviderResource;
  readonly pods: PodSettings;
  /** The bridge directory on the node, in which every run has its own. */
  readonly bridge: string;
  /** The cluster and the run, for the verdict command. */
  readonly request: RequestBase;
  /** The stack that the test belongs to, as a label's value. */
  readonly owner: string;
  /** Resolves when the namespace, and the test in it, are known to be free or this stack's own. */
  readonly claim: Promise<void>;
  /** True if an administrator created the namespace and keeps it. */
  readonly keepNamespace: boolean;
  /** Size of the examination beyond the quick test. */
  readonly suite: Suite;
  /** Resources that are created before the test and deleted after it, such as the guard. */
  readonly before: readonly pulumi.Resource[];
}

const consumerOptions = { role: "consumer", mountPropagation: "HostToContainer" } as const;
const controlOptions = { role: "control", mountPropagation: "None" } as const;

/** The whole test: a namespace, a producer, a consumer, a negative control, and the verdict on them. */
export class FuseTest extends pulumi.ComponentResource {
  readonly result: pulumi.Output<Verdict>;
  private readonly cleaning: CleanRequest;
  private readonly cleanup: Cleanup;

  constructor(
    private readonly testName: string,
    private readonly args: FuseTestArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(
      "fuse-test:index:FuseTest",
      testName,
      keptCluster(args.deployedOn, args.problem ?? Promise.resolve(undefined)),
      opts,
    );
    const { pods, bridge, owner, keepNamespace, claim, before } = args;
    const { server } = args.deployedOn;
    const access = args.request;
    this.cleaning = cleanRequest({ pods, hostPath: bridge, access, server, owner, keepNamespace });
    this.cleanup = new Cleanup(
      `${testName}-cleanup`,
      // A stack whose claim to the namespace is refused has nothing to clean up.
      { request: claim.then(() => this.cleaning) },
      { parent: this, dependsOn: [...before] },
    );
    this.result = this.prepare();
    this.registerOutputs({ result: this.result });
  }

  /** Returns the options of a resource of the test: the cleanup removes it when the test is destroyed. */
  private after(...dependsOn: readonly pulumi.Resource[]): TestResourceOptions {
    const { provider } = this.args;
    return {
      parent: this,
      ...(provider === undefined ? {} : { provider }),
      dependsOn: [...dependsOn],
      deletedWith: this.cleanup.command,
    };
  }

  /** Declares everything that the pods need, and then the pods. */
  private prepare(): pulumi.Output<Verdict> {
    const { testName, args } = this;
    const { pods, request, owner, claim } = args;
    const namespaceArgs = { namespace: pods.namespace, owner, claim };
    const namespace = args.keepNamespace ? [] : [new TestNamespace(testName, namespaceArgs, this.after())];
    const programs = new Programs(`${testName}-programs`, namespaceArgs, this.after(...namespace));
    const preflight = new TestCommand(
      "Preflight",
      `${testName}-preflight`,
      {
        // It starts beside the namespace, for which it waits itself: that saves the time that a process takes to start.
        request: claim.then(() => ({
          ...request,
          mode: "preflight" as const,
          stack: owner,
          owner: namespaceOwner(owner, args.keepNamespace),
          pods: [
            producerManifest(pods),
            consumerManifest(pods, consumerOptions),
            consumerManifest(pods, controlOptions),
          ],
        })),
        triggers: [request.run],
        parse: parsePreflightResult,
      },
      this.after(),
    );
    // A preview declares the pods whatever the preflight would find, so that the policies see them. An update
    // declares them only if the preflight found no problem.
    const judge = (): pulumi.Output<Verdict> => this.judge(preflight, [...namespace, programs]);
    return pulumi.runtime.isDryRun()
      ? judge()
      : preflight.result.apply(({ verdict }) => (verdict === null ? judge() : pulumi.output(verdict)));
  }

  /** Declares the pods and the verdict on them. Consumers depend on the producer, so that they are replaced first. */
  private judge(
    preflight: TestCommand<PreflightResult>,
    place: readonly pulumi.Resource[],
  ): pulumi.Output<Verdict> {
    const { testName, args } = this;
    const settings = args.pods;
    const pod = (
      type: "Producer" | "Consumer",
      role: Role,
      manifest: TestPodArgs["manifest"],
      opts: TestResourceOptions,
    ) => new TestPod(type, `${testName}-${role}`, { manifest, preflight: preflight.result }, opts);
    const producer = pod("Producer", "producer", producerManifest(settings), this.after(preflight, ...place));
    const afterProducer = this.after(preflight, ...place, producer);
    const consumer = pod("Consumer", "consumer", consumerManifest(settings, consumerOptions), afterProducer);
    const control = pod("Consumer", "control", consumerManifest(settings, controlOptions), afterProducer);
    const verdict = new TestCommand(
      "TestVerdict",
      `${testName}-verdict`,
      {
        request: preflight.result.apply(({ start, ended }) => ({
          ...args.request,
          mode: "judge" as const,
          start,
          ended,
          cleaning: this.cleaning,
        })),
        triggers: [producer.uid, consumer.uid, control.uid],
        parse: parseVerdict,
      },
      this.after(producer, consumer, control),
    );
    return this.examineFurther(verdict, preflight);
  }

  /** Declares the examination, unless the test could not be carried out and so proves nothing. */
  private examineFurther(
    quick: TestCommand<Verdict>,
    preflight: TestCommand<PreflightResult>,
  ): pulumi.Output<Verdict> {
    const { suite } = this.args;
    if (suite === "quick") return quick.result;
    const declare = (): pulumi.Output<Verdict> => this.examine(suite, quick, preflight);
    return pulumi.runtime.isDryRun()
      ? declare()
      : quick.result.apply((result) => (result.verdict === "ERROR" ? pulumi.output(result) : declare()));
  }

  /** Declares the examination's pods and the command that watches them. */
  private examine(
    suite: Exclude<Suite, "quick">,
    quick: TestCommand<Verdict>,
    preflight: TestCommand<PreflightResult>,
  ): pulumi.Output<Verdict> {
    const { testName, args } = this;
    const settings = args.pods;
    const manifests = {
      producer: examinationProducerManifest(settings, suite),
      consumer: examinationConsumerManifest(settings, suite),
    };
    const producer = new TestPod(
      "Examination",
      `${testName}-examination-producer`,
      { manifest: manifests.producer, preflight: preflight.result },
      this.after(preflight, quick),
    );
    const consumer = new TestPod(
      "Examination",
      `${testName}-examination-consumer`,
      { manifest: manifests.consumer, preflight: preflight.result },
      // Declared with the producer, because it must be running when the producer mounts.
      this.after(preflight, quick),
    );
    const request = pulumi.all([preflight.result, quick.result]).apply(([{ start }, verdict]) => ({
      ...args.request,
      ...manifests,
      mode: "examine" as const,
      start,
      suite,
      verdict,
      refused: refusedCells(suite).map((cell) => ({ cell, pod: refusedManifest(settings, cell) })),
    }));
    const examined = new TestCommand(
      "ExaminationVerdict",
      `${testName}-examination`,
      // The examination recreates the producer's pod; the consumer's is the same throughout.
      { request, triggers: [consumer.uid], parse: parseVerdict },
      this.after(producer, consumer),
    );
    return examined.result;
  }
}
