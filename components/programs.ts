import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { programsManifest } from "../manifests/configmap";

export interface ProgramsArgs {
  readonly namespace: string;
}

/** The pods' programs, as a ConfigMap. */
export class Programs extends pulumi.ComponentResource {
  /** Name of the ConfigMap, known once it exists. */
  readonly configMapName: pulumi.Output<string>;

  constructor(name: string, args: ProgramsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fuse-test:index:Programs", name, {}, opts);
    const configMap = new k8s.core.v1.ConfigMap(name, programsManifest(args.namespace), { parent: this });
    this.configMapName = configMap.metadata.name;
    this.registerOutputs({ configMapName: this.configMapName });
  }
}
