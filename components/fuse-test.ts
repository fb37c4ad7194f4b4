import * as pulumi from "@pulumi/pulumi";
import type { PodSettings } from "../manifests/common";
import { consumerManifest } from "../manifests/consumer";
import { producerManifest } from "../manifests/producer";
import { cleanRequest } from "../lifecycle/request-of";
import type { Verdict } from "../verdict/contract";
import type { RequestBase } from "../verdict/request";
import { Consumer } from "./consumer";
import { TestNamespace } from "./namespace";
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
}

const consumerOptions = { role: "consumer", mountPropagation: "HostToContainer" } as const;
const controlOptions = { role: "control", mountPropagation: "None" } as const;

/** The whole test: a namespace, a producer, a consumer, a negative control, and the verdict on them. */
export class FuseTest extends pulumi.ComponentResource {
  readonly result: pulumi.Output<Verdict>;

  constructor(
    private readonly testName: string,
    private readonly args: FuseTestArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("fuse-test:index:FuseTest", testName, {}, opts);
    const { pods, request } = args;
    const namespace = new TestNamespace(testName, { namespace: pods.namespace }, { parent: this });
    const programs = new Programs(
      `${testName}-programs`,
      { namespace: pods.namespace },
      { parent: this, dependsOn: [namespace] },
    );
    const janitor = new Janitor(
      `${testName}-janitor`,
      { request: cleanRequest(pods, request) },
      { parent: this, dependsOn: [namespace, programs] },
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
        },
      },
      { parent: this, dependsOn: [namespace, programs] },
    );
    // A preview shows the pods whatever the cluster is like, so that the policies see them.
    // An update makes them only where the preflight found nothing that would stop them.
    this.result = pulumi.runtime.isDryRun()
      ? this.judge(preflight, janitor)
      : preflight.result.apply(({ verdict }) =>
          verdict === null ? this.judge(preflight, janitor) : pulumi.output(verdict),
        );
    this.registerOutputs({ result: this.result });
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
      { request: cleanRequest(args.pods, args.request) },
      { parent: this, dependsOn: [producer, consumer, control] },
    );
    const verdict = new TestVerdict(
      `${testName}-verdict`,
      {
        request: preflight.result.apply(({ start }) => ({ ...args.request, mode: "judge" as const, start })),
        pods: [producer.uid, consumer.uid, control.uid],
      },
      { parent: this, dependsOn: [producer, consumer, control] },
    );
    return verdict.result;
  }
}
