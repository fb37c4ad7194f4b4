import {
  imageAdvice,
  JOB_VARIABLES,
  jobValidations,
  POD_VARIABLES,
  podValidations,
  type Validation,
  type Variable,
} from "./validations";
import { NAMESPACE } from "../rules/allowlist";
import { elsewhereValidations, SAME_TEMPLATE, WORKLOAD_VARIABLES } from "../rules/elsewhere";
import { labels } from "../../manifests/common";

/** The field manager of a guard that a stack applies. */
export const GUARD_MANAGER = "fuse-test-guard";

const NAMESPACE_LABEL = "kubernetes.io/metadata.name";
const inside = { matchLabels: { [NAMESPACE_LABEL]: NAMESPACE } };
const outside = {
  matchExpressions: [{ key: NAMESPACE_LABEL, operator: "NotIn", values: [NAMESPACE] }],
};

/** Resources of the API, with the operations on them. */
interface ResourceRule {
  readonly apiGroups: string[];
  readonly apiVersions: string[];
  readonly operations: string[];
  readonly resources: string[];
}

const written = ["CREATE", "UPDATE"];

function resources(apiGroup: string, ...names: readonly string[]): ResourceRule {
  return { apiGroups: [apiGroup], apiVersions: ["*"], operations: written, resources: [...names] };
}

/** Kinds with a pod template that the test does not use. */
const otherCarriers = [
  resources("", "podtemplates", "replicationcontrollers"),
  resources("apps", "controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"),
  resources("batch", "cronjobs"),
];

const jobs = resources("batch", "jobs");

const carriers = [...otherCarriers, jobs];

/** Resources by which a pod claims devices. */
const claims = resources("resource.k8s.io", "resourceclaims", "resourceclaimtemplates");

/** Resources that define which devices can be claimed, for the whole cluster. */
const classes = resources("resource.k8s.io", "deviceclasses");

/** Pods, and the subresources that change an existing pod. */
const pods = resources("", "pods", "pods/ephemeralcontainers", "pods/resize");

interface Rule {
  readonly name: string;
  readonly namespaces: Readonly<Record<string, unknown>> | undefined;
  readonly resourceRules: readonly ResourceRule[];
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[];
  readonly variables: readonly Variable[];
  readonly validations: readonly Validation[];
  readonly actions?: readonly string[];
}

function policyManifest(rule: Rule) {
  return {
    apiVersion: "admissionregistration.k8s.io/v1" as const,
    kind: "ValidatingAdmissionPolicy" as const,
    metadata: { name: rule.name, labels },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        matchPolicy: "Equivalent",
        ...(rule.namespaces === undefined ? {} : { namespaceSelector: rule.namespaces }),
        resourceRules: [...rule.resourceRules],
      },
      ...(rule.matchConditions === undefined ? {} : { matchConditions: [...rule.matchConditions] }),
      variables: [...rule.variables],
      validations: rule.validations.map((validation) => ({ ...validation, reason: "Forbidden" })),
    },
  };
}

function bindingManifest({ name, actions = ["Deny"] }: Rule) {
  return {
    apiVersion: "admissionregistration.k8s.io/v1" as const,
    kind: "ValidatingAdmissionPolicyBinding" as const,
    metadata: { name, labels },
    spec: { policyName: name, validationActions: [...actions] },
  };
}

/** An admission policy with the binding that puts it into force, under one name. */
export interface Guard {
  readonly name: string;
  readonly policy: ReturnType<typeof policyManifest>;
  readonly binding: ReturnType<typeof bindingManifest>;
}

/** Turns a rule into the two objects that enforce it. */
function guardOf(rule: Rule): Guard {
  return { name: rule.name, policy: policyManifest(rule), binding: bindingManifest(rule) };
}

const same = (key: string): string =>
  `(has(object.metadata.${key}) ? dyn(object.metadata.${key}) : dyn({})) == (has(oldObject.metadata.${key}) ? dyn(oldObject.metadata.${key}) : dyn({}))`;

/**
 * Skips an update that adds nothing, so that every object that existed before the guard can be deleted. The garbage
 * collector removes finalizers from the objects that it deletes, and owners from the objects that remain
 * (`--cascade=orphan`). Every field except the metadata must be unchanged, whatever its name: a PodTemplate has no
 * `spec`. An object that is being deleted may change its metadata; any other may only lose finalizers and owners.
 * Of workloads only the pod template matters: their controller must be able to scale down the replaced pods.
 */
const somethingNew = {
  name: "something-new",
  expression: `request.operation != "UPDATE" || !((${SAME_TEMPLATE}) || (${[
    'dyn(object).all(k, k in ["metadata", "status"] || (k in dyn(oldObject) && dyn(object)[k] == dyn(oldObject)[k]))',
    `(has(object.metadata.deletionTimestamp) || (${[
      same("labels"),
      same("annotations"),
      "(!has(object.metadata.finalizers) || object.metadata.finalizers.all(f, has(oldObject.metadata.finalizers) && f in oldObject.metadata.finalizers))",
      "(!has(object.metadata.ownerReferences) || object.metadata.ownerReferences.all(o, has(oldObject.metadata.ownerReferences) && oldObject.metadata.ownerReferences.exists(p, p.uid == o.uid)))",
    ].join(" && ")}))`,
  ].join(" && ")}))`,
};

/** Builds the guard of the cluster: the rules of the policies, enforced by the API server for every client. */
export function guardManifests(): Guard[] {
  return [
    {
      name: "fuse-test-pods",
      namespaces: inside,
      resourceRules: [pods],
      matchConditions: [somethingNew],
      variables: POD_VARIABLES,
      validations: podValidations(),
    },
    {
      name: "fuse-test-jobs",
      namespaces: inside,
      resourceRules: [jobs],
      matchConditions: [somethingNew],
      variables: JOB_VARIABLES,
      validations: jobValidations(),
    },
    {
      name: "fuse-test-nothing-else",
      namespaces: inside,
      resourceRules: [
        ...otherCarriers,
        resources("", "pods/binding", "bindings", "persistentvolumeclaims"),
        claims,
      ],
      matchConditions: [somethingNew],
      variables: [],
      validations: [
        {
          expression: "false",
          message:
            "this namespace holds nothing but the pods of the FUSE test, which name their node themselves",
        },
      ],
    },
    {
      name: "fuse-test-elsewhere",
      namespaces: outside,
      resourceRules: [pods, ...carriers, claims, classes, resources("", "persistentvolumes")],
      matchConditions: [somethingNew],
      variables: WORKLOAD_VARIABLES,
      validations: elsewhereValidations(),
    },
    {
      name: "fuse-test-digest-advice",
      namespaces: inside,
      resourceRules: [resources("", "pods")],
      variables: POD_VARIABLES,
      validations: imageAdvice(),
      actions: ["Warn"],
    },
  ].map(guardOf);
}
