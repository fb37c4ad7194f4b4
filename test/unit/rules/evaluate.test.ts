import assert from "node:assert/strict";
import { judgeInOrganization, judgeInProject, type Resource } from "../../../policy/rules/evaluate";
import { knownObject, OBJECTS } from "../../../policy/rules/expected-objects";
import { PLACES } from "../../../policy/rules/expected-resources";
import { type Fields, snapshot, UNKNOWN, type Value } from "../../../policy/rules/snapshot";
import { namespaceManifest } from "../../../manifests/namespace";
import { foreignTest, ordinary, POD, producer } from "../../policy/cases/fixtures";
import { linesOf } from "./violation-lines";

const TEST = "fuse-test:index:FuseTest";
const placeOfProducer = `${TEST}$fuse-test:index:Producer$${POD}`;
const right = { type: "pulumi:providers:kubernetes", name: "cluster" };

function resource(changes: Partial<Resource>, types?: string): Resource {
  const { type = POD, name = "case" } = changes;
  const urn = `urn:pulumi:local::fuse-test::${types ?? type}::${name}`;
  return { type, name, urn, props: {}, ignoreChanges: [], provider: right, ...changes };
}

const inProject = (one: Resource): string[] => linesOf(judgeInProject(one));
const inOrganization = (one: Resource): string[] => linesOf(judgeInOrganization(one));

const itself = resource({ name: "fuse-test-producer", props: snapshot(producer) }, placeOfProducer);
const only = "a resource that the program of fuse-test declares, with its type, name and parents";
const node = '"w2" or "k3s-w2"';
const empty = 'that the namespace "fuse-test" holds nothing but the objects of the test';

describe("In the project", () => {
  it("what the program makes is right in its one place", () => {
    assert.deepEqual(inProject(itself), []);
  });

  it("it is wrong anywhere else, by any other name or type, and is then compared with itself", () => {
    const anywhere = { ...itself, urn: itself.urn.replace("Producer", "Consumer") };
    assert.deepEqual(inProject(anywhere), [`resource : ${POD} named "fuse-test-producer", not ${only}`]);
    const renamed = { ...itself, name: "x" };
    assert.deepEqual(inProject(renamed), [`resource : ${POD} named "x", not ${only}`]);
    const typed = { ...itself, type: "kubernetes:core/v1:PodPatch" };
    assert.ok(inProject(typed)[0]?.startsWith("resource : kubernetes:core/v1:PodPatch named"));
    const props = snapshot({ ...producer, spec: { ...producer.spec, nodeName: "w1" } });
    assert.deepEqual(inProject({ ...anywhere, props }).slice(1), [`node spec.nodeName: "w1", not ${node}`]);
  });

  it("whatever has a name with colons is distinguished from a place", () => {
    const one = resource({ type: TEST, name: "fuse-test::x" });
    assert.deepEqual(inProject(one), [`resource : ${TEST} named "fuse-test::x", not ${only}`]);
    assert.deepEqual(inProject(resource({ type: TEST, name: "fuse-test" })), []);
    assert.ok(inProject({ ...resource({ type: TEST, name: "x" }), urn: "nonsense" }).length > 0);
  });

  it("nothing old is kept, and no other provider is used", () => {
    assert.deepEqual(inProject({ ...itself, ignoreChanges: ["spec", "metadata"] }), [
      'resource options.ignoreChanges: "spec", not that nothing old is kept',
      'resource options.ignoreChanges: "metadata", not that nothing old is kept',
    ]);
    assert.deepEqual(inProject({ ...itself, provider: undefined }), [
      'namespace options.provider: none, not the provider "cluster"',
    ]);
    assert.deepEqual(inProject({ ...itself, provider: { ...right, name: "other" } }), [
      'namespace options.provider: "other", not the provider "cluster"',
    ]);
    const component = resource({ type: TEST, name: "fuse-test", provider: undefined });
    assert.deepEqual(inProject(component), []);
  });

  it("the stack itself and the default provider of commands are no user's resources", () => {
    assert.deepEqual(inProject(resource({ type: "pulumi:pulumi:Stack", props: { a: 1 } })), []);
    const type = "pulumi:providers:command";
    assert.deepEqual(inProject(resource({ type, props: { version: "1.2.1" } })), []);
    assert.deepEqual(inProject(resource({ type, props: { version: "1", pluginDownloadURL: "x" } })), [
      'command pluginDownloadURL: "x", not that it is not set',
    ]);
    assert.deepEqual(inProject(resource({ type, props: UNKNOWN })), [
      "command : a value that is not known yet, not an object",
    ]);
  });

  it("a stranger is reported with all that is wrong with it", () => {
    const props = snapshot(ordinary({ ...foreignTest, nodeSelector: {}, affinity: {}, schedulerName: "x" }));
    assert.deepEqual(inProject(resource({ props })), [
      `resource : ${POD} named "case", not ${only}`,
      `node spec.nodeName: nothing, not ${node}`,
      "node spec.affinity: {}, not that it is not set",
      "node spec.nodeSelector: {}, not that it is not set",
      'node spec.schedulerName: "x", not that it is not set',
      'namespace metadata.namespace: "default", not "fuse-test"',
      'fuse-elsewhere spec.containers[0].volumeMounts[0].mountPropagation: "Bidirectional", not None or HostToContainer, literally',
    ]);
    const free = snapshot(ordinary({ nodeName: "w2", runtimeClassName: "x", topologySpreadConstraints: [] }));
    assert.deepEqual(inProject(resource({ props: free })).slice(1, 3), [
      'node spec.runtimeClassName: "x", not that it is not set',
      "node spec.topologySpreadConstraints: [], not that it is not set",
    ]);
  });

  it("a stranger's texts are read", () => {
    const one = resource({ type: "aws:x:Y", props: { userData: "modprobe fuse; ls /dev/fuse" } });
    assert.deepEqual(inProject(one).slice(1), [
      'fuse-elsewhere userData: "modprobe fuse; ls /dev/fuse", not a text that describes no FUSE test',
    ]);
  });
});

describe("In an organization", () => {
  it("an object without the part that is judged is allowed", () => {
    for (const [type, kind, apiVersion] of [
      ["kubernetes:core/v1:PersistentVolume", "PersistentVolume", "v1"],
      [
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
        "ClusterRoleBinding",
        "rbac.authorization.k8s.io/v1",
      ],
    ] as const) {
      const props = snapshot({ apiVersion, kind, metadata: { name: "empty" } });
      assert.deepEqual(inOrganization(resource({ type, props })), [], kind);
    }
  });

  const stranger = (type: string, name: string): string =>
    `namespace metadata: ${type} named ${JSON.stringify(name)}, not ${empty}`;

  it("an object of the test is compared with itself, and is right wherever it is declared", () => {
    assert.deepEqual(inOrganization(resource({ props: snapshot(producer) })), []);
    const props = snapshot({ ...producer, spec: { ...producer.spec, hostPID: true } });
    assert.deepEqual(inOrganization(resource({ props })), [
      "privilege spec.hostPID: true, not that it is not set",
    ]);
  });

  it("ordinary resources are no user's business", () => {
    assert.deepEqual(inOrganization(resource({ props: snapshot(ordinary()) })), []);
    assert.deepEqual(inOrganization(resource({ type: "aws:s3/bucket:Bucket", props: { bucket: "x" } })), []);
  });

  it("a FUSE test is reported with its place, and with its namespace if it is the test's", () => {
    const bidirectional =
      'fuse-elsewhere spec.containers[0].volumeMounts[0].mountPropagation: "Bidirectional", not None or HostToContainer, literally';
    assert.deepEqual(inOrganization(resource({ props: snapshot(ordinary(foreignTest)) })), [
      bidirectional,
      `node spec.nodeName: nothing, not ${node}`,
      'namespace metadata.namespace: "default", not "fuse-test"',
    ]);
    const there = snapshot(ordinary({ ...foreignTest, nodeName: "w2" }, "fuse-test"));
    assert.deepEqual(inOrganization(resource({ props: there })), [bidirectional, stranger(POD, "web")]);
  });

  const spellings: Readonly<Record<string, string>> = {
    "as it is": "fuse-test",
    "in capitals": "Fuse-TEST",
    "between spaces": " fuse-test ",
    "in full width": "\uff46\uff55\uff53\uff45-\uff54\uff45\uff53\uff54",
  };
  for (const [how, namespace] of Object.entries(spellings)) {
    it(`whatever names the test's namespace ${how} is refused: object, namespace and provider`, () => {
      const props: Value = { metadata: { name: "web", namespace } };
      assert.deepEqual(inOrganization(resource({ props })), [stranger(POD, "web")]);
      for (const [type, kind] of [
        ["kubernetes:core/v1:NamespacePatch", ""],
        ["kubernetes:example.com/v1:Thing", "Namespace"],
      ] as const) {
        const found = inOrganization(resource({ type, props: { kind, metadata: { name: namespace } } }));
        assert.deepEqual(found.slice(-1), [stranger(type, namespace)]);
      }
      assert.deepEqual(
        inOrganization(resource({ type: "pulumi:providers:kubernetes", props: { namespace } })),
        [`namespace namespace: ${JSON.stringify(namespace)}, not that it is not set`],
      );
    });
  }

  it("a namespace is recognised by its type alone, too", () => {
    const type = "kubernetes:core/v1:Namespace";
    assert.deepEqual(inOrganization(resource({ type, props: { metadata: { name: "FUSE-test" } } })), [
      stranger(type, "FUSE-test"),
    ]);
  });

  it("a namespace of another group is none of Kubernetes'", () => {
    const props: Fields = { metadata: { name: "fuse-test" } };
    assert.deepEqual(inOrganization(resource({ type: "kubernetes:example.com/v1:Namespace", props })), []);
    const own = inOrganization(resource({ type: "kubernetes:core/v1:Namespace", props }));
    assert.ok(own.includes("resource metadata.labels: nothing, not an object"));
  });

  it("another namespace is not, nor is a namespace of anything else", () => {
    for (const [type, props] of [
      ["kubernetes:core/v1:Namespace", { kind: "Namespace", metadata: { name: "fuse-test-2" } }],
      ["kubernetes:core/v1:NamespaceLike", { metadata: { name: "fuse-test" } }],
      ["pulumi:providers:kubernetes", { namespace: "fuse-test-2" }],
      ["pulumi:providers:kubernetes", { namespace: "" }],
      ["kubernetes:example.com/v1:Thing", { namespace: "fuse-test" }],
    ] as const) {
      assert.deepEqual(inOrganization(resource({ type, props })), []);
    }
  });

  it("the test's own namespace is right as the program makes it, and with no other label", () => {
    const type = "kubernetes:core/v1:Namespace";
    const props = snapshot(namespaceManifest("fuse-test", "kept"));
    assert.deepEqual(inOrganization(resource({ type, props })), []);
    const relabelled = snapshot(namespaceManifest("fuse-test", "-kept"));
    assert.deepEqual(inOrganization(resource({ type, props: relabelled })), [
      'resource metadata.labels["fuse-test/owner"]: "-kept", not the name of a stack',
    ]);
  });

  it("texts are read in everything but data that nothing runs", () => {
    const value = { metadata: { name: "x" }, data: { a: "ls /tmp/fuse-test-bridge" } };
    for (const type of ["ConfigMap", "ConfigMapPatch", "SecretList", "Secret"]) {
      assert.deepEqual(inOrganization(resource({ type: `kubernetes:core/v1:${type}`, props: value })), []);
    }
    for (const type of ["kubernetes:core/v1:ConfigMapper", "a:kubernetes:core/v1:ConfigMap", "x:y:Z"]) {
      assert.deepEqual(inOrganization(resource({ type, props: value })), [
        'fuse-elsewhere data.a: "ls /tmp/fuse-test-bridge", not a text that describes no FUSE test',
      ]);
    }
  });

  it("fields are read as Kubernetes reads them in Kubernetes' resources alone", () => {
    const props: Value = { volumes: UNKNOWN };
    assert.deepEqual(inOrganization(resource({ type: "aws:ecs:Task", props })), []);
    assert.equal(inOrganization(resource({ type: "kubernetes:core/v1:Thing", props })).length, 1);
  });
});

describe("The closed world", () => {
  it("finds its objects by kind and name, and no other", () => {
    assert.equal(knownObject("Pod", "fuse-producer").token, POD);
    assert.throws(() => knownObject("Pod", "fuse-test"), /^Error: no known object is a Pod named fuse-test$/);
    assert.throws(() => knownObject("Job", "fuse-producer"), /no known object is a Job named fuse-producer/);
  });

  it("has these objects", () => {
    assert.deepEqual(
      OBJECTS.map(({ token, name }) => `${token} ${name}`),
      [
        "kubernetes:core/v1:Namespace fuse-test",
        "kubernetes:core/v1:ResourceQuota fuse-test",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy deny-all",
        "kubernetes:core/v1:ConfigMap fuse-test-programs",
        "kubernetes:core/v1:ConfigMap fuse-test-janitor",
        ...[
          "producer",
          "consumer",
          "control",
          "cleaner",
          "examination-producer",
          "examination-consumer",
          "janitor",
        ].map((role) => `${POD} fuse-${role}`),
        "kubernetes:batch/v1:Job fuse-consumer",
        ...["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"].map(
          (kind) => `kubernetes:rbac.authorization.k8s.io/v1:${kind} fuse-test-deployer`,
        ),
        ...["pods", "jobs", "nothing-else", "elsewhere", "digest-advice"].flatMap((name) =>
          ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"].map(
            (kind) => `kubernetes:admissionregistration.k8s.io/v1:${kind} fuse-test-${name}`,
          ),
        ),
      ],
    );
  });

  it("has these places", () => {
    const wrapped = (component: string, name: string, type: string) => [
      `${TEST}$fuse-test:index:${component} ${name}`,
      `${TEST}$fuse-test:index:${component}$${type} ${name}`,
    ];
    const command = "command:local:Command";
    const guard = "fuse-test:index:Guard";
    assert.deepEqual(
      PLACES.map(({ types, name }) => `${types} ${name}`),
      [
        "pulumi:providers:kubernetes cluster",
        `${TEST} fuse-test`,
        ...wrapped("TestNamespace", "fuse-test", "kubernetes:core/v1:Namespace"),
        `${TEST}$fuse-test:index:TestNamespace$kubernetes:core/v1:ResourceQuota fuse-test-quota`,
        `${TEST}$fuse-test:index:TestNamespace$kubernetes:networking.k8s.io/v1:NetworkPolicy fuse-test-deny-all`,
        ...wrapped("Programs", "fuse-test-programs", "kubernetes:core/v1:ConfigMap"),
        ...wrapped("Preflight", "fuse-test-preflight", command),
        ...wrapped("TestVerdict", "fuse-test-verdict", command),
        ...wrapped("ExaminationVerdict", "fuse-test-examination", command),
        ...wrapped("Cleanup", "fuse-test-cleanup", command),
        `${guard} fuse-test-guard`,
        ...["pods", "jobs", "nothing-else", "elsewhere", "digest-advice"].flatMap((name) =>
          ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"].map(
            (kind) => `${guard}$kubernetes:admissionregistration.k8s.io/v1:${kind} fuse-test-${name}`,
          ),
        ),
        ...wrapped("Producer", "fuse-test-producer", POD),
        ...wrapped("Consumer", "fuse-test-consumer", POD),
        ...wrapped("Consumer", "fuse-test-control", POD),
        ...wrapped("Examination", "fuse-test-examination-producer", POD),
        ...wrapped("Examination", "fuse-test-examination-consumer", POD),
      ],
    );
  });
});
