import { type Case, REMOVED, secret, UNKNOWN } from "./case";
import { consumer, control, producer } from "./fixtures";
import { onlyInPulumi, pod, security } from "./mutation";

const privilege = "least-privilege";
const extra = (name: string, more: Record<string, unknown> = {}) => ({
  ...consumer.spec.containers[0],
  name,
  ...more,
});

/** The privileges of a pod. */
export const privileges: readonly Case[] = [
  pod(consumer, privilege, "privilege", [...security, "privileged"], true),
  pod(control, privilege, "privilege", [...security, "privileged"], true),
  pod(consumer, privilege, 'privilege "true"', [...security, "privileged"], "true"),
  pod(consumer, privilege, "root", [...security, "runAsUser"], 0),
  pod(consumer, privilege, "root's group", [...security, "runAsGroup"], 0),
  pod(consumer, privilege, "runAsNonRoot off", [...security, "runAsNonRoot"], false),
  pod(consumer, privilege, "privilege escalation", [...security, "allowPrivilegeEscalation"], true),
  pod(consumer, privilege, "a writable root", [...security, "readOnlyRootFilesystem"], false),
  pod(consumer, privilege, "all capabilities kept", [...security, "capabilities"], REMOVED),
  ...["SYS_ADMIN", "CAP_SYS_ADMIN", "sys_admin", "ALL", "all", "NET_RAW"].map((capability) =>
    pod(consumer, privilege, `capability ${capability}`, [...security, "capabilities", "add"], [capability]),
  ),
  pod(consumer, privilege, "one capability dropped", [...security, "capabilities", "drop"], ["NET_RAW"]),
  pod(consumer, privilege, "seccomp Unconfined", [...security, "seccompProfile", "type"], "Unconfined"),
  pod(consumer, privilege, "no seccomp", [...security, "seccompProfile"], REMOVED),
  pod(consumer, privilege, "procMount Unmasked", [...security, "procMount"], "Unmasked"),
  pod(producer, privilege, "procMount Unmasked", [...security, "procMount"], "Unmasked"),
  pod(consumer, privilege, "no security context", [...security], REMOVED),
  pod(consumer, privilege, "AppArmor Unconfined", [...security, "appArmorProfile"], { type: "Unconfined" }),
  ...["hostPID", "hostIPC", "hostNetwork", "shareProcessNamespace"].map((field) =>
    pod(consumer, privilege, field, ["spec", field], true),
  ),
  pod(consumer, privilege, "a user namespace off", ["spec", "hostUsers"], true),
  pod(producer, privilege, "a pod security context", ["spec", "securityContext"], { runAsUser: 0 }),
  pod(consumer, privilege, "Unconfined for the pod", ["spec", "securityContext"], {
    seccompProfile: { type: "Unconfined" },
  }),
  pod(consumer, privilege, "an init container", ["spec", "initContainers"], [extra("init")]),
  pod(consumer, privilege, "an ephemeral container", ["spec", "ephemeralContainers"], [extra("debug")]),
  pod(consumer, "known-resources", "a second container", ["spec", "containers", 1], extra("second")),
  pod(producer, "known-resources", "a privileged second container", ["spec", "containers", 1], {
    ...producer.spec.containers[0],
    name: "second",
  }),
  pod(consumer, privilege, "a token", ["spec", "automountServiceAccountToken"], true),
  pod(consumer, privilege, "a token by default", ["spec", "automountServiceAccountToken"], REMOVED),
  pod(consumer, privilege, "another service account", ["spec", "serviceAccountName"], "admin"),
  pod(consumer, privilege, "the cluster's DNS", ["spec", "dnsPolicy"], "ClusterFirst"),
  onlyInPulumi(privilege, "an unknown security context", [...security], UNKNOWN),
  onlyInPulumi(privilege, "an unknown privilege", [...security, "privileged"], UNKNOWN),
  onlyInPulumi("known-resources", "unknown containers", ["spec", "containers"], UNKNOWN),
  onlyInPulumi("known-resources", "an unknown spec", ["spec"], UNKNOWN),
  onlyInPulumi(
    "known-resources",
    "secret containers",
    ["spec", "containers"],
    secret(producer.spec.containers),
  ),
];
