import type { Role } from "../../manifests/common";
import { consumerManifest } from "../../manifests/consumer";
import { producerManifest } from "../../manifests/producer";
import { programs } from "../../config/programs";
import type { Question } from "../observation";

/** The pods and programs that this version uses for one run. */
export interface ExpectedTest {
  readonly pods: Readonly<Record<Role, unknown>>;
  /** The content of the ConfigMap. */
  readonly programs: Readonly<Record<string, string>>;
}

/**
 * Builds the pods and programs that this version ships for a run. Tolerations and resources are left out
 * because they are not compared.
 */
export function expectedTest(question: Question): ExpectedTest {
  const settings = {
    ...question,
    tolerations: [],
    resources: { producer: {}, consumer: {} },
    imagePullPolicy: "IfNotPresent",
  } as unknown as Parameters<typeof producerManifest>[0];
  return {
    pods: {
      producer: producerManifest(settings),
      consumer: consumerManifest(settings, { role: "consumer", mountPropagation: "HostToContainer" }),
      control: consumerManifest(settings, { role: "control", mountPropagation: "None" }),
    },
    programs: programs(),
  };
}
