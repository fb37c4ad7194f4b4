import assert from "node:assert/strict";
import { SECRET, UNKNOWN, type Value } from "../../../policy/rules/snapshot";
import { isOneText, unreadable, unreadableInPod } from "../../../policy/rules/unreadable";
import { linesOf } from "./violation-lines";

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Fields of a container that may be secret or unknown; a star stands for any name. */
const CONTAINER = words(`
  args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resizePolicy
  restartPolicy restartPolicyRules startupProbe stdin stdinOnce targetContainerName terminationMessagePath
  terminationMessagePolicy tty workingDir resources.limits.cpu resources.requests.memory
  securityContext.runAsUser securityContext.runAsGroup securityContext.runAsNonRoot
  securityContext.readOnlyRootFilesystem securityContext.allowPrivilegeEscalation securityContext.seccompProfile
  securityContext.seLinuxOptions securityContext.appArmorProfile securityContext.windowsOptions
  volumeMounts[].mountPath volumeMounts[].readOnly volumeMounts[].recursiveReadOnly volumeMounts[].subPath
  volumeMounts[].subPathExpr`);

/** Fields of a container that may not: a device, a directory, privilege, or a field that is not known. */
const NOT_CONTAINER = words(`
  resources resources.claims resources.limits resources.requests securityContext
  securityContext.privileged securityContext.capabilities securityContext.procMount volumeMounts volumeMounts[]
  volumeMounts[].name volumeMounts[].mountPropagation volumeDevices volumeDevices[].devicePath aNewField`);

const VOLUME = words(`
  awsElasticBlockStore azureDisk azureFile cephfs cinder configMap csi downwardAPI emptyDir ephemeral fc flexVolume
  flocker gcePersistentDisk gitRepo glusterfs hostPath.path hostPath.type image.pullPolicy image.reference iscsi nfs
  persistentVolumeClaim photonPersistentDisk portworxVolume projected quobyte rbd scaleIO secret storageos
  vsphereVolume`);

const NOT_VOLUME = words("name hostPath hostPath.aNewField image image.aNewField aNewField");

const POD = words(`
  activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases
  hostIPC hostNetwork hostPID hostUsers hostname imagePullSecrets nodeName nodeSelector os overhead preemptionPolicy
  priority priorityClassName readinessGates restartPolicy runtimeClassName schedulerName schedulingGates
  securityContext serviceAccount serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain
  terminationGracePeriodSeconds tolerations topologySpreadConstraints`);

const NOT_POD = words(`
  containers initContainers ephemeralContainers volumes resourceClaims resourceClaims[].name resources aNewField
  affinity2`);

/** Returns an object in which only the field at a path, such as `a.b[].c`, has a value, and that field's path. */
function at(path: string, value: Value): { value: Value; path: string } {
  const [, key = "", list, rest = ""] = /^([^.[]+)(\[\])?\.?(.*)$/.exec(path) ?? [];
  const inner: { value: Value; path: string } = rest === "" ? { value, path: "" } : at(rest, value);
  const item: Value = list === undefined ? inner.value : [inner.value];
  const step = `${key}${list === undefined ? "" : "[0]"}`;
  return { value: { [key]: item }, path: rest === "" ? step : `${step}.${inner.path}` };
}

const LISTS = ["containers", "initContainers", "ephemeralContainers"];
const ALLOWED = [
  ...POD,
  ...LISTS.flatMap((list) => CONTAINER.map((field) => `${list}[].${field}`)),
  ...VOLUME.map((field) => `volumes[].${field}`),
];
const REFUSED = [
  ...NOT_POD,
  ...LISTS.flatMap((list) => NOT_CONTAINER.map((field) => `${list}[].${field}`)),
  ...NOT_VOLUME.map((field) => `volumes[].${field}`),
];

describe("A value that cannot be read", () => {
  it("is accepted at the places of a pod that are neither device nor directory nor privilege, and nowhere else", () => {
    for (const [value, found] of [
      [SECRET, "a secret"],
      [UNKNOWN, "a value that is not known yet"],
    ] as const) {
      for (const place of ALLOWED)
        assert.deepEqual(unreadableInPod({ path: "spec", value: at(place, value).value }), [], place);
      for (const place of REFUSED) {
        const { value: spec, path } = at(place, value);
        assert.deepEqual(
          linesOf(unreadableInPod({ path: "spec", value: spec })),
          [`fuse-elsewhere spec.${path}: ${found}, not a value that is known and not secret`],
          place,
        );
      }
    }
  });

  it("is refused as the whole of a pod's spec, and each of several is", () => {
    assert.equal(unreadableInPod({ path: "spec", value: UNKNOWN }).length, 1);
    const spec: Value = {
      volumes: SECRET,
      containers: [UNKNOWN, { image: UNKNOWN }, SECRET],
      hostname: SECRET,
    };
    assert.deepEqual(
      unreadableInPod({ path: "spec", value: spec }).map(({ path }) => path),
      ["spec.volumes", "spec.containers[0]", "spec.containers[2]"],
    );
  });

  it("accepts every value that is known, at every place", () => {
    for (const place of [...ALLOWED, ...REFUSED])
      for (const value of ["text", "", 0, false, null, [], {}])
        assert.deepEqual(unreadableInPod({ path: "spec", value: at(place, value).value }), [], place);
  });

  it("is one text in a field of an unknown kind that is named like one", () => {
    const names = words(`
      password passwd token secret apikey key user username host hostname url uri endpoint domain email id arn tag
      digest version port cert certificate ca cabundle region zone bucket database account address ip issuer checksum
      replicas enabled size storageclass storageclassname`);
    for (const name of names)
      for (const spelling of [name, name.toUpperCase(), `my${name}`, `my_${name}`, `my-${name}`])
        assert.equal(isOneText(spelling), true, spelling);
    for (const spelling of ["api_key", "API-KEY", "ca_bundle", "storage-class_name"])
      assert.equal(isOneText(spelling), true, spelling);
    for (const name of names.filter((one) => !["id", "ca", "ip"].includes(one)))
      assert.equal(isOneText(`${name}s2`), false, name);
    for (const name of ["spec", "template", "manifest", "volumes", "data", "passwords", "keyspec", ""])
      assert.equal(isOneText(name), false, name);
  });

  it("is a violation by itself, and a value that is known is none", () => {
    assert.deepEqual(linesOf(unreadable({ path: "a.b", value: SECRET })), [
      "fuse-elsewhere a.b: a secret, not a value that is known and not secret",
    ]);
    assert.equal(unreadable({ path: "a.b", value: UNKNOWN }).length, 1);
    for (const value of ["text", null, 0, [], {}, [UNKNOWN]])
      assert.deepEqual(unreadable({ path: "a.b", value }), []);
  });
});
