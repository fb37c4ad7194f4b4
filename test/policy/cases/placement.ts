import { type Case, REMOVED, secret, UNKNOWN } from "./case";
import { consumer, control, producer } from "./fixtures";
import { onlyInPulumi, pod } from "./mutation";

const node = "allowed-node";
const affinity = (terms: unknown) => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
});
const term = (operator: string, values?: readonly string[]) => ({
  matchExpressions: [
    { key: "kubernetes.io/hostname", operator, ...(values === undefined ? {} : { values }) },
  ],
});

/** The node and the namespace of a pod. */
export const placement: readonly Case[] = [
  pod(producer, node, "node w1", ["spec", "nodeName"], "w1"),
  pod(consumer, node, "node w1", ["spec", "nodeName"], "w1"),
  pod(control, node, "node w1", ["spec", "nodeName"], "w1"),
  pod(producer, node, "no node", ["spec", "nodeName"], REMOVED),
  pod(producer, node, "an empty node", ["spec", "nodeName"], ""),
  pod(producer, node, "node W2", ["spec", "nodeName"], "W2"),
  pod(producer, node, "node w2 with a space", ["spec", "nodeName"], "w2 "),
  pod(producer, node, "node w2.example", ["spec", "nodeName"], "w2.example"),
  pod(producer, node, "node w20", ["spec", "nodeName"], "w20"),
  pod(producer, node, "node k3s-w1", ["spec", "nodeName"], "k3s-w1"),
  pod(producer, node, "a look-alike w2", ["spec", "nodeName"], "\u{ff57}2"),
  pod(producer, node, "a list of nodes", ["spec", "nodeName"], ["w2"]),
  pod(producer, node, "a number for a node", ["spec", "nodeName"], 2),
  pod(producer, node, "the text [secret] for a node", ["spec", "nodeName"], "[secret]"),
  onlyInPulumi(node, "an unknown node", ["spec", "nodeName"], UNKNOWN),
  onlyInPulumi(node, "a secret node", ["spec", "nodeName"], secret("w2")),
  pod(producer, node, "a nodeSelector", ["spec", "nodeSelector"], { "kubernetes.io/hostname": "w2" }),
  pod(producer, node, "a nodeSelector for w1", ["spec", "nodeSelector"], { "kubernetes.io/hostname": "w1" }),
  {
    ...pod(producer, node, "node w1 and a nodeSelector for w2", ["spec"], {
      ...producer.spec,
      nodeName: "w1",
      nodeSelector: { "kubernetes.io/hostname": "w2" },
    }),
  },
  pod(producer, node, "a nodeSelector with one label more", ["spec", "nodeSelector"], {
    "kubernetes.io/hostname": "w2",
    role: "media",
  }),
  pod(producer, node, "a nodeSelector of another label", ["spec", "nodeSelector"], { role: "media" }),
  pod(producer, node, "an empty nodeSelector term", ["spec", "affinity"], affinity([term("In", ["w2"])])),
  pod(producer, node, "affinity to w2 or w1", ["spec", "affinity"], affinity([term("In", ["w2", "w1"])])),
  pod(producer, node, "affinity by NotIn", ["spec", "affinity"], affinity([term("NotIn", ["w1"])])),
  pod(producer, node, "affinity by Exists", ["spec", "affinity"], affinity([term("Exists")])),
  pod(producer, node, "affinity by DoesNotExist", ["spec", "affinity"], affinity([term("DoesNotExist")])),
  pod(producer, node, "affinity by Gt", ["spec", "affinity"], affinity([term("Gt", ["1"])])),
  pod(producer, node, "two terms", ["spec", "affinity"], affinity([term("In", ["w2"]), term("In", ["w1"])])),
  pod(
    producer,
    node,
    "affinity by matchFields",
    ["spec", "affinity"],
    affinity([{ matchFields: [{ key: "metadata.name", operator: "In", values: ["w2"] }] }]),
  ),
  pod(producer, node, "preferred affinity", ["spec", "affinity"], {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term("In", ["w2"]) }],
    },
  }),
  pod(
    producer,
    node,
    "topology spread",
    ["spec", "topologySpreadConstraints"],
    [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: {} }],
  ),
  pod(producer, node, "another scheduler", ["spec", "schedulerName"], "mine"),
  {
    ...pod(producer, node, "the default scheduler", ["spec", "schedulerName"], "default-scheduler"),
    admission: "allowed",
    reason: "the API server fills it in itself",
  },
  pod(producer, node, "a RuntimeClass", ["spec", "runtimeClassName"], "gvisor"),
  pod(producer, node, "a toleration without key", ["spec", "tolerations"], [{ operator: "Exists" }]),
  pod(
    producer,
    node,
    "an empty key in a toleration",
    ["spec", "tolerations"],
    [{ key: "", operator: "Exists" }],
  ),
  onlyInPulumi(node, "unknown tolerations", ["spec", "tolerations"], UNKNOWN),
];

/** The name of a pod, and its place. */
export const names: readonly Case[] = [
  ...["default", "fuse-test-2", "kube-system"].map((name) =>
    pod(producer, "allowed-namespace", `namespace ${name}`, ["metadata", "namespace"], name),
  ),
  ...["Fuse-Test", "fuse-test ", "fuse‐test", "FUSE-TEST"].map((name) =>
    pod(producer, "allowed-namespace", `namespace ${JSON.stringify(name)}`, ["metadata", "namespace"], name),
  ),
  {
    ...pod(producer, "allowed-namespace", "no namespace", ["metadata", "namespace"], REMOVED),
    admission: "refused",
  },
  onlyInPulumi("allowed-namespace", "an unknown namespace", ["metadata", "namespace"], UNKNOWN),
  onlyInPulumi("allowed-namespace", "a secret namespace", ["metadata", "namespace"], secret("fuse-test")),
  pod(producer, "known-resources", "a generated name", ["metadata"], {
    ...producer.metadata,
    name: undefined,
    generateName: "fuse-",
  }),
  pod(producer, "known-resources", "no name, for Pulumi to make one up", ["metadata", "name"], REMOVED),
  pod(producer, "known-resources", "another name", ["metadata", "name"], "fuse-producer-2"),
  pod(producer, "known-resources", "a finalizer", ["metadata", "finalizers"], ["example.com/stay"]),
  pod(
    producer,
    "known-resources",
    "an owner",
    ["metadata", "ownerReferences"],
    [{ apiVersion: "v1", kind: "Node", name: "w1", uid: "1" }],
  ),
  pod(producer, "known-resources", "another role", ["metadata", "labels", "fuse-test/role"], "consumer"),
  pod(
    producer,
    "known-resources",
    "an AppArmor annotation",
    ["metadata", "annotations", "container.apparmor.security.beta.kubernetes.io/producer"],
    "unconfined",
  ),
  {
    ...pod(producer, "known-resources", "another kind", ["kind"], "Deployment"),
    admission: "none",
    reason: "there is no such object to ask about",
  },
  {
    ...pod(producer, "known-resources", "another apiVersion", ["apiVersion"], "v2"),
    admission: "none",
    reason: "there is no such object to ask about",
  },
];
