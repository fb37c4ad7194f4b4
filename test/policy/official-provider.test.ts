import assert from "node:assert/strict";
import { programsManifest } from "../../manifests/configmap";
import { deployerManifests } from "../../policy/admission/deployer";
import { guardManifests } from "../../policy/admission/guard";
import { janitorProgramsManifest } from "../../manifests/janitor";
import { namespaceManifest, networkPolicyManifest, quotaManifest } from "../../manifests/namespace";
import { judgeInOrganization } from "../../policy/rules/evaluate";
import { snapshot } from "../../policy/rules/snapshot";
import { startKubernetesProvider, type RunningProvider } from "../support/kubernetes-provider";
import { passingPods } from "./cases/passing";

interface Declared {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const OWNER = "local.0123456789abcdef";

/** Every object of the test, including those of an administrator. */
const objects: readonly Declared[] = [
  namespaceManifest("fuse-test", OWNER),
  quotaManifest("fuse-test"),
  networkPolicyManifest("fuse-test"),
  programsManifest("fuse-test", OWNER),
  janitorProgramsManifest("fuse-test"),
  ...passingPods.map(({ props }) => props as Declared),
  ...guardManifests().flatMap(({ policy, binding }) => [policy, binding]),
  ...deployerManifests(),
];

function tokenOf({ apiVersion, kind }: Declared): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

describe("What policies see of the test's objects", function () {
  this.timeout(60_000);
  let provider: RunningProvider;

  before(async () => {
    provider = await startKubernetesProvider("/nonexistent/kubeconfig");
  });

  after(async () => {
    await provider.stop();
  });

  /** Returns the violations of an object after the official provider has checked its inputs. */
  const judge = async (declared: Declared): Promise<string[]> => {
    const type = tokenOf(declared);
    const name = declared.metadata.name;
    const urn = `urn:pulumi:other::other::${type}::${name}`;
    const props = snapshot(await provider.check(urn, declared));
    const judged = judgeInOrganization({ type, name, urn, props, ignoreChanges: [] });
    return judged.map(({ path, found, required }) => `${path}: ${found}; required: ${required}`);
  };

  objects.forEach((declared, index) => {
    it(`${declared.kind} ${declared.metadata.name} (${index}) is accepted as the official provider converts it`, async () => {
      assert.deepEqual(await judge(declared), []);
    });
  });

  it("is still refused when its content differs", async () => {
    const [first] = guardManifests();
    assert.ok(first !== undefined);
    const weaker = { ...first.policy, spec: { ...first.policy.spec, variables: [], validations: [] } };
    assert.notDeepEqual(await judge(weaker), []);
    const quota = quotaManifest("fuse-test");
    assert.notDeepEqual(
      await judge({ ...quota, spec: { hard: { ...quota.spec.hard, pods: "100" } } } as Declared),
      [],
    );
  });
});
