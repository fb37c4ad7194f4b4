import * as pulumi from "@pulumi/pulumi";
import type { PodSettings } from "../manifests/common";
import { consumerManifest } from "../manifests/consumer";
import { KEPT_OWNER } from "../manifests/namespace";
import { producerManifest } from "../manifests/producer";
import type { CleanRequest } from "../lifecycle/request";
import { cleanRequest } from "../lifecycle/request-of";
import type { Verdict } from "../verdict/contract";
import type { RequestBase } from "../verdict/request";
import { refusedCells, type Suite } from "../examination/suite";
import {
  examinationConsumerManifest,
  examinationProducerManifest,
  refusedManifest,
} from "../manifests/examination";
import { Consumer } from "./consumer";
import { Examination } from "./examination";
import { ExaminationVerdict } from "./examination-verdict";
import { TestNamespace } from "./namespace";
import { NamespaceRelease } from "./namespace-release";
import { NamespaceRemoval } from "./namespace-removal";
import { Janitor } from "./janitor";
import { PodRemoval } from "./pod-removal";
import { Preflight } from "./preflight";
import { Producer } from "./producer";
import { Programs } from "./programs";
import { TestVerdict } from "./verdict";

export interface FuseTestArgs {
  readonly pods: PodSettings;
  /** What the verdict command has to know of the cluster and of this run. */
  readonly request: RequestBase;
  /** The stack that the test belongs to, as a label's value. */
  readonly owner: string;
  /** Fulfilled when the namespace, and the test in it, are known to be free or this stack's own. */
  readonly claim: Promise<void>;
  /** Whether somebody else made the namespace, and keeps it. */
  readonly keepNamespace: boolean;
  /** How much is examined beyond the quick test. */
  readonly suite: Suite;
}

const consumerOptions = { role: "consumer", mountPropagation: "HostToContainer" } as const;
const controlOptions = { role: "control", mountPropagation: "None" } as const;

/** The whole test: a namespace, a producer, a consumer, a negative control, and the verdict on them. */
export class FuseTest extends pulumi.ComponentResource {
  readonly result: pulumi.Output<Verdict>;
  private readonly cleaning: Omit<CleanRequest, "mode">;

  constructor(
    private readonly testName: string,
    private readonly args: FuseTestArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("fuse-test:index:FuseTest", testName, {}, opts);
    const owner = args.keepNamespace ? KEPT_OWNER : args.owner;
    this.cleaning = cleanRequest({ pods: args.pods, access: args.request, owner });
    this.result = args.keepNamespace ? this.prepare([]) : this.prepareWithNamespace();
    this.registerOutputs({ result: this.result });
  }

  /**
   * Makes the namespace, and before it what makes sure that it goes. The namespace does not depend on that, so that a
   * destroy removes both at once.
   */
  private prepareWithNamespace(): pulumi.Output<Verdict> {
    const { testName, args } = this;
    const removal = new NamespaceRemoval(
      `${testName}-namespace-removal`,
      { request: this.cleaning },
      { parent: this },
    );
    return removal.made.apply(() => {
      const { owner, claim, pods } = args;
      const options = { namespace: pods.namespace, owner, claim };
      return this.prepare([new TestNamespace(testName, options, { parent: this }), removal]);
    });
  }

  /** Declares everything that the pods need, and then the pods. */
  private prepare(namespace: readonly pulumi.Resource[]): pulumi.Output<Verdict> {
    const { testName, args } = this;
    const { pods, request } = args;
    const programs = new Programs(
      `${testName}-programs`,
      { namespace: pods.namespace, owner: args.owner, claim: args.claim },
      { parent: this, dependsOn: [...namespace] },
    );
    const janitor = new Janitor(
      `${testName}-janitor`,
      { request: this.cleaning },
      // Nobody takes the namespace away before the janitor has begun. In one that is kept the programs say whose the test
      // is: a stack that is refused them has nothing to clean.
      { parent: this, dependsOn: args.keepNamespace ? [programs] : [...namespace] },
    );
    const preflight = new Preflight(
      `${testName}-preflight`,
      {
        request: {
          ...request,
          mode: "preflight",
          pods: [
            producerManifest(pods),
            consumerManifest(pods, consumerOptions),
            consumerManifest(pods, controlOptions),
          ],
          cleaning: this.cleaning,
        },
      },
      // After a janitor that is replaced: the place where the last test was is clean before this one is looked at.
      { parent: this, dependsOn: [...namespace, programs, janitor] },
    );
    // A preview shows the pods whatever the cluster is like, so that the policies see them.
    // An update makes them only where the preflight found nothing that would stop them.
    return pulumi.runtime.isDryRun()
      ? this.judge(preflight, janitor)
      : preflight.result.apply(({ verdict }) => {
          if (verdict === null) return this.judge(preflight, janitor);
          this.release([preflight]);
          return pulumi.output(verdict);
        });
  }

  /** Lets a destroy begin the namespace's deletion early. It is there with and without pods, so that no update removes it. */
  private release(after: readonly pulumi.Resource[]): void {
    const { testName, args } = this;
    if (args.keepNamespace) return;
    const options = { parent: this, dependsOn: [...after] };
    new NamespaceRelease(`${testName}-namespace-release`, { request: this.cleaning }, options);
  }

  /** Declares the pods and the verdict on them. Consumers depend on the producer, so that they are removed first. */
  private judge(preflight: Preflight, janitor: Janitor): pulumi.Output<Verdict> {
    const { testName, args } = this;
    const settings = args.pods;
    const producer = new Producer(
      `${testName}-producer`,
      { settings },
      { parent: this, dependsOn: [preflight, janitor] },
    );
    const afterProducer = { parent: this, dependsOn: [preflight, janitor, producer] };
    const consumer = new Consumer(`${testName}-consumer`, { settings, ...consumerOptions }, afterProducer);
    const control = new Consumer(`${testName}-control`, { settings, ...controlOptions }, afterProducer);
    new PodRemoval(
      `${testName}-pod-removal`,
      { request: this.cleaning },
      { parent: this, dependsOn: [producer, consumer, control] },
    );
    this.release([producer, consumer, control]);
    const verdict = new TestVerdict(
      `${testName}-verdict`,
      {
        request: preflight.result.apply(({ start }) => ({ ...args.request, mode: "judge" as const, start })),
        pods: [producer.uid, consumer.uid, control.uid],
      },
      { parent: this, dependsOn: [producer, consumer, control] },
    );
    return this.examineFurther(verdict, preflight, janitor);
  }

  /** A test that could not be carried out says nothing, and is not examined further. */
  private examineFurther(quick: TestVerdict, preflight: Preflight, janitor: Janitor): pulumi.Output<Verdict> {
    const { suite } = this.args;
    if (suite === "quick") return quick.result;
    const declare = (): pulumi.Output<Verdict> => this.examine(suite, quick, preflight, janitor);
    return pulumi.runtime.isDryRun()
      ? declare()
      : quick.result.apply((result) => (result.verdict === "ERROR" ? pulumi.output(result) : declare()));
  }

  /** Declares the examination's pods and what watches them. */
  private examine(
    suite: Exclude<Suite, "quick">,
    quick: TestVerdict,
    preflight: Preflight,
    janitor: Janitor,
  ): pulumi.Output<Verdict> {
    const { testName, args } = this;
    const settings = args.pods;
    const manifests = {
      producer: examinationProducerManifest(settings, suite),
      consumer: examinationConsumerManifest(settings, suite),
    };
    const before = [preflight, janitor, quick];
    const producer = new Examination(
      `${testName}-examination-producer`,
      { manifest: manifests.producer },
      { parent: this, dependsOn: before },
    );
    const consumer = new Examination(
      `${testName}-examination-consumer`,
      { manifest: manifests.consumer },
      // It waits for the producer, and must be there when that mounts.
      { parent: this, dependsOn: before },
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
    const examined = new ExaminationVerdict(
      `${testName}-examination`,
      // The examination makes the producer's pod again; the consumer's is the same throughout.
      { request, pods: [consumer.uid] },
      { parent: this, dependsOn: [producer, consumer] },
    );
    return examined.result;
  }
}
