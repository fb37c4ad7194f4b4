import assert from "node:assert/strict";
import {
  hasDriverTexts,
  isBuiltIn,
  isData,
  isInert,
  kindOf,
  kindOfObject,
  kindOfToken,
  templateOf,
} from "../../../policy/rules/kinds";
import { SECRET, UNKNOWN, type Value } from "../../../policy/rules/snapshot";

/** Returns the kind with a name in a group. */
const kind = (group: string, name: string) => ({ group, kind: name, list: false, patch: false });

/** The groups that Kubernetes serves or served, with a kind of each that has neither pod nor directory nor device. */
const GROUPS: readonly (readonly [group: string, inert: string | undefined])[] = [
  ["", "Service"],
  ["apps", undefined],
  ["extensions", "Ingress"],
  ["batch", undefined],
  ["autoscaling", "HorizontalPodAutoscaler"],
  ["policy", "PodDisruptionBudget"],
  ["admissionregistration.k8s.io", "ValidatingAdmissionPolicy"],
  ["apiextensions.k8s.io", "CustomResourceDefinition"],
  ["apiregistration.k8s.io", "APIService"],
  ["authentication.k8s.io", undefined],
  ["authorization.k8s.io", undefined],
  ["certificates.k8s.io", "CertificateSigningRequest"],
  ["coordination.k8s.io", "Lease"],
  ["discovery.k8s.io", "EndpointSlice"],
  ["events.k8s.io", "Event"],
  ["flowcontrol.apiserver.k8s.io", "FlowSchema"],
  ["internal.apiserver.k8s.io", undefined],
  ["networking.k8s.io", "NetworkPolicy"],
  ["node.k8s.io", "RuntimeClass"],
  ["rbac.authorization.k8s.io", "ClusterRole"],
  ["resource.k8s.io", undefined],
  ["scheduling.k8s.io", "PriorityClass"],
  ["storage.k8s.io", "CSIDriver"],
  ["storagemigration.k8s.io", undefined],
];

describe("The kind of an object", () => {
  it("is the same for all versions, patches and lists of it", () => {
    const pod = { group: "", kind: "Pod", list: false, patch: false };
    assert.deepEqual(kindOf("v1", "Pod"), pod);
    assert.deepEqual(kindOf("core/v1", "Pod"), pod);
    assert.deepEqual(kindOf("v1", "PodPatch"), { ...pod, patch: true });
    assert.deepEqual(kindOf("v1", "PodList"), { ...pod, list: true });
    assert.deepEqual(kindOf("v1", "PodPatchList"), { ...pod, patch: true, list: true });
    assert.deepEqual(kindOf("v1", "List"), { ...pod, kind: "", list: true });
    assert.deepEqual(kindOf("apps/v1beta1", "Deployment"), { ...pod, group: "apps", kind: "Deployment" });
    assert.deepEqual(kindOf("a/b/v1", "X"), { ...pod, group: "a/b", kind: "X" });
  });

  it("keeps the name of a kind that only contains these words", () => {
    for (const name of ["Patch", "PatchSet", "ListPatches", "Listener"])
      assert.deepEqual(kindOf("example.com/v1", name), kind("example.com", name));
    assert.deepEqual(kindOf("example.com/v1", "Patches"), kind("example.com", "Patches"));
  });

  it("is that of a type of Pulumi's Kubernetes package, and of no other package's", () => {
    assert.deepEqual(kindOfToken("kubernetes:core/v1:Pod"), kind("", "Pod"));
    assert.deepEqual(kindOfToken("kubernetes:apps/v1:DeploymentPatch"), {
      ...kind("apps", "Deployment"),
      patch: true,
    });
    for (const type of [
      "aws:s3/bucket:Bucket",
      "kubernetes",
      "kubernetes:core/v1",
      "pulumi:pulumi:Stack",
      "",
    ])
      assert.equal(kindOfToken(type), undefined, type);
  });

  it("is an object's own if both of its names are literal texts", () => {
    assert.deepEqual(kindOfObject({ apiVersion: "v1", kind: "Secret" }), kind("", "Secret"));
    const others: readonly Value[] = [
      { apiVersion: "v1" },
      { kind: "Pod" },
      { apiVersion: UNKNOWN, kind: "Pod" },
      { apiVersion: "v1", kind: UNKNOWN },
      { apiVersion: 1, kind: "Pod" },
      {},
      "v1",
      null,
    ];
    for (const one of others) assert.equal(kindOfObject(one), undefined);
    // The text that replaces a secret is the name of no kind.
    assert.deepEqual(kindOfObject({ apiVersion: "v1", kind: SECRET }), kind("", SECRET));
  });

  it("is built in for the groups of Kubernetes, and for no group whose name only resembles one", () => {
    for (const [group, inert] of GROUPS) {
      assert.equal(isBuiltIn(kind(group, "X")), true, group);
      if (inert !== undefined) assert.equal(isInert(kind(group, inert)), true, `${group} ${inert}`);
      assert.equal(isInert(kind(group, "X")), false, group);
      for (const other of [`${group}.example.com`, `x${group}`, `${group}x`, `x.${group}`])
        assert.equal(isBuiltIn(kind(other, "Service")) || isInert(kind(other, "Service")), false, other);
    }
    assert.equal(isBuiltIn(kind("networkingxk8s.io", "X")), false);
    assert.equal(isBuiltIn(kind("k8s.io", "X")), false);
  });

  it("has a pod template at its place, in the groups of Kubernetes' workloads only", () => {
    const template = ["spec", "template"];
    const places: readonly (readonly [group: string, kind: string, place: readonly string[]])[] = [
      ["", "Pod", []],
      ["", "PodTemplate", ["template"]],
      ["", "ReplicationController", template],
      ["apps", "Deployment", template],
      ["extensions", "Deployment", template],
      ["apps", "ReplicaSet", template],
      ["apps", "StatefulSet", template],
      ["apps", "DaemonSet", template],
      ["batch", "Job", template],
      ["batch", "CronJob", ["spec", "jobTemplate", "spec", "template"]],
      ["apps", "ControllerRevision", ["data", "spec", "template"]],
    ];
    for (const [group, name, place] of places) {
      assert.deepEqual(templateOf(kind(group, name)), place, name);
      assert.equal(templateOf(kind("example.com", name)), undefined, name);
    }
    assert.equal(templateOf(kind("", "Service")), undefined);
  });

  it("is data for ConfigMaps and Secrets, inert for kinds without pods, and has texts of a driver for classes", () => {
    assert.deepEqual(
      ["ConfigMap", "Secret", "Pod"].map((name) => isData(kind("", name))),
      [true, true, false],
    );
    assert.equal(isData(kind("example.com", "ConfigMap")), false);
    for (const name of ["StorageClass", "VolumeAttributesClass"]) {
      assert.equal(hasDriverTexts(kind("storage.k8s.io", name)), true);
      assert.equal(hasDriverTexts(kind("example.com", name)), false);
      assert.equal(isInert(kind("storage.k8s.io", name)), false);
    }
    assert.equal(hasDriverTexts(kind("storage.k8s.io", "CSIDriver")), false);
    const inert =
      `Namespace ServiceAccount Service Endpoints Event LimitRange ResourceQuota PersistentVolumeClaim
      ComponentStatus HorizontalPodAutoscaler PodDisruptionBudget PodSecurityPolicy Role ClusterRole
      ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration
      CustomResourceDefinition APIService CertificateSigningRequest ClusterTrustBundle Lease LeaseCandidate
      EndpointSlice FlowSchema PriorityLevelConfiguration Ingress IngressClass NetworkPolicy IPAddress ServiceCIDR
      RuntimeClass PriorityClass CSIDriver CSINode CSIStorageCapacity VolumeAttachment`.split(/\s+/);
    for (const name of inert) {
      assert.equal(isInert(kind("", name)), true, name);
      assert.equal(isInert(kind("example.com", name)), false, name);
    }
    // Of these, fields are read: a pod, a directory, a device, or a text that becomes one of them.
    const read = `Pod PersistentVolume Deployment DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice Node
      MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration RoleBinding
      ClusterRoleBinding`;
    for (const name of ["", ...read.split(/\s+/)]) assert.equal(isInert(kind("", name)), false, name);
  });
});
