import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { readDescriptor } from "../../tools/cluster/descriptor";
import { E2E_CLUSTER } from "./names";

/** A kubeconfig's file, for clients of any part of the API. */
export function kubeconfigIn(file: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(file);
  return config;
}

/** The core of an embedded cluster's API, as its administrator; of the one that the end-to-end tests share by default. */
export function clusterApi(cluster: string = E2E_CLUSTER): CoreV1Api {
  return kubeconfigIn(readDescriptor(cluster).kubeconfig).makeApiClient(CoreV1Api);
}
