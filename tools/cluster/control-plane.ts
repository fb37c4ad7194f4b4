import { join } from "node:path";
import { kubernetesBin } from "../setup/paths";
import type { Daemon, DaemonOptions } from "./daemon";

const ETCD_CLIENT = "https://127.0.0.1:2379";
const ETCD_PEER = "https://127.0.0.1:2380";

/** Controllers of storage, autoscaling and certificate requests: each one costs a part of the start. */
const CONTROLLERS_OFF = [
  "certificatesigningrequest-approving-controller",
  "certificatesigningrequest-cleaner-controller",
  "certificatesigningrequest-signing-controller",
  "ephemeral-volume-controller",
  "horizontal-pod-autoscaler-controller",
  "legacy-serviceaccount-token-cleaner-controller",
  "persistentvolume-attach-detach-controller",
  "persistentvolume-binder-controller",
  "persistentvolume-expander-controller",
  "persistentvolume-protection-controller",
  "persistentvolumeclaim-protection-controller",
  "resourceclaim-controller",
  "storage-version-migrator-controller",
  "volumeattributesclass-protection-controller",
];

/** Turns settings into `--name=value` arguments. */
export function flags(settings: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(settings).map(([name, value]) => `--${name}=${String(value)}`);
}

/** Returns etcd and the three programs of the control plane. */
export function controlDaemons(options: DaemonOptions): Daemon[] {
  const program = (name: string) => join(kubernetesBin(), name);
  return [
    { name: "etcd", place: "control", argv: ["etcd", ...etcdArguments(options)] },
    {
      name: "kube-apiserver",
      place: "control",
      argv: [program("kube-apiserver"), ...apiServerArguments(options)],
    },
    {
      name: "kube-controller-manager",
      place: "control",
      argv: [program("kube-controller-manager"), ...controllerManagerArguments(options)],
    },
    {
      name: "kube-scheduler",
      place: "control",
      argv: [program("kube-scheduler"), ...schedulerArguments(options)],
    },
  ];
}

function etcdArguments({ layout }: DaemonOptions): string[] {
  const pki = (file: string) => join(layout.pki, file);
  return flags({
    name: "etcd",
    "data-dir": layout.etcd,
    "listen-client-urls": ETCD_CLIENT,
    "advertise-client-urls": ETCD_CLIENT,
    "listen-peer-urls": ETCD_PEER,
    "initial-advertise-peer-urls": ETCD_PEER,
    "initial-cluster": `etcd=${ETCD_PEER}`,
    "client-cert-auth": true,
    "trusted-ca-file": pki("etcd-ca.crt"),
    "cert-file": pki("etcd.crt"),
    "key-file": pki("etcd.key"),
    "peer-client-cert-auth": true,
    "peer-trusted-ca-file": pki("etcd-ca.crt"),
    "peer-cert-file": pki("etcd.crt"),
    "peer-key-file": pki("etcd.key"),
  });
}

function apiServerArguments({ layout, network }: DaemonOptions): string[] {
  const pki = (file: string) => join(layout.pki, file);
  return flags({
    "bind-address": network.apiServer,
    "advertise-address": network.apiServer,
    "secure-port": 6443,
    "anonymous-auth": false,
    "authorization-mode": "Node,RBAC",
    "enable-admission-plugins": "NodeRestriction",
    "client-ca-file": pki("ca.crt"),
    "tls-cert-file": pki("apiserver.crt"),
    "tls-private-key-file": pki("apiserver.key"),
    "tls-min-version": "VersionTLS12",
    "etcd-servers": ETCD_CLIENT,
    "etcd-cafile": pki("etcd-ca.crt"),
    "etcd-certfile": pki("apiserver-etcd-client.crt"),
    "etcd-keyfile": pki("apiserver-etcd-client.key"),
    "kubelet-certificate-authority": pki("ca.crt"),
    "kubelet-client-certificate": pki("apiserver-kubelet-client.crt"),
    "kubelet-client-key": pki("apiserver-kubelet-client.key"),
    "kubelet-preferred-address-types": "InternalIP",
    "service-cluster-ip-range": network.services,
    "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
    "service-account-key-file": pki("tokens.pub"),
    "service-account-signing-key-file": pki("tokens.key"),
    "endpoint-reconciler-type": "none",
    "allow-privileged": true,
    profiling: false,
  });
}

function controllerManagerArguments({ layout }: DaemonOptions): string[] {
  const pki = (file: string) => join(layout.pki, file);
  const kubeconfig = pki("controller-manager.kubeconfig");
  return flags({
    kubeconfig,
    "secure-port": 0,
    "leader-elect": false,
    "use-service-account-credentials": true,
    "root-ca-file": pki("ca.crt"),
    "service-account-private-key-file": pki("tokens.key"),
    controllers: ["*", ...CONTROLLERS_OFF.map((name) => `-${name}`)].join(","),
    "node-monitor-period": "1s",
    // Each controller starts with requests of its own; at the default rate they wait for one another for seconds.
    "kube-api-qps": 200,
    "kube-api-burst": 400,
    profiling: false,
  });
}

function schedulerArguments({ layout }: DaemonOptions): string[] {
  const kubeconfig = join(layout.pki, "scheduler.kubeconfig");
  return flags({
    kubeconfig,
    "secure-port": 0,
    "leader-elect": false,
    profiling: false,
  });
}
