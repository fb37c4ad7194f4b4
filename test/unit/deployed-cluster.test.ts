import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { ResourceHookArgs } from "@pulumi/pulumi";
import type { ClaimProblem } from "../../cleanup/ownership";
import { keptCluster, sameClusterHook } from "../../components/same-cluster";
import { readSettings } from "../../config/settings";
import { cleanUp } from "../../cleanup/cleanup";
import { chooseCluster } from "../../kube/cluster-choice";
import {
  clusterProblem,
  type DeployedCluster,
  findCluster,
  isSameCluster,
} from "../../kube/deployed-cluster";
import { cleaning } from "./rules/requests";

const HOME: DeployedCluster = {
  kubeconfig: "/home/config",
  context: "home",
  cluster: "home",
  server: "https://home.example:6443",
  authority: "a1",
};
const UNREADABLE = { ...HOME, cluster: "", server: "", authority: "" };

/** Runs the hook of an update; resolves with the message of its refusal, and undefined if it allows the update. */
async function refusal(
  oldInputs: object | undefined,
  newInputs: object,
  problem?: ClaimProblem,
): Promise<string | undefined> {
  const args = { urn: "urn", id: "", name: "fuse-test", type: "t", oldInputs, newInputs } as ResourceHookArgs;
  try {
    await sameClusterHook(Promise.resolve(problem))(args);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const claimed = (cluster: DeployedCluster): object => ({ ...cluster, claimed: true });
const refused = (cluster: DeployedCluster): object => ({ ...cluster, claimed: false });

describe("the cluster that a test is deployed on", () => {
  it("is the same with another context or file of one server and one authority", () => {
    assert.equal(isSameCluster(HOME, HOME), true);
    assert.equal(isSameCluster(HOME, { ...HOME, context: "as-guest", kubeconfig: "/other" }), true);
  });

  it("is the same entry of one file, if it was created again with another authority", () => {
    assert.equal(isSameCluster(HOME, { ...HOME, authority: "a2" }), true);
  });

  it("is another one with another server, and with another authority behind the same address", () => {
    assert.equal(isSameCluster(HOME, { ...HOME, server: "https://office.example:6443" }), false);
    assert.equal(isSameCluster(HOME, { ...HOME, context: "tunnel", authority: "a2" }), false);
    assert.equal(isSameCluster(HOME, { ...HOME, kubeconfig: "/tunnel", authority: "a2" }), false);
  });

  it("is known by its entry alone, if one of the kubeconfigs cannot be read", () => {
    assert.equal(isSameCluster(HOME, UNREADABLE), true);
    assert.equal(isSameCluster(UNREADABLE, HOME), true);
    assert.equal(isSameCluster(HOME, { ...UNREADABLE, kubeconfig: "/missing" }), false);
    assert.equal(isSameCluster({ ...UNREADABLE, context: "x" }, HOME), false);
  });

  it("is named beside the one that the configuration means, in one line that says what to do", async () => {
    const office = { ...HOME, context: "office", cluster: "office", server: "https://office.example:6443" };
    const sentence =
      'the test is deployed on the cluster "home" (context "home" of /home/config, https://home.example:6443), ' +
      'but this configuration means "office" (context "office" of /home/config, https://office.example:6443). ' +
      "Nothing was changed. Destroy the test first: npx pulumi destroy (it uses the cluster of the deployed test); " +
      "or set fuse-test:kubeconfig, fuse-test:context, fuse-test:cluster and KUBECONFIG back. If that cluster does not exist any more: npx pulumi stack rm --force";
    assert.equal(clusterProblem(HOME, office), sentence);
    assert.equal(clusterProblem(HOME, HOME), undefined);
    assert.equal(await refusal(claimed(HOME), claimed(office)), sentence);
    assert.equal(
      await refusal(claimed(HOME), refused(office), { words: "no answer", foreign: false }),
      sentence,
    );
    assert.match(
      clusterProblem(HOME, { ...UNREADABLE, kubeconfig: "" }) ?? "",
      /means no cluster that can be read \(context "home" of the usual kubeconfig\)\. Nothing was changed/,
    );
  });

  it("is replaced by no configuration that names no cluster: the sentence says why that cannot be read", async () => {
    const words = 'the kubeconfig cannot be used: it has no context "office"';
    const office = { ...UNREADABLE, context: "office" };
    assert.equal(await refusal(claimed(HOME), refused(office), { words, foreign: false }), words);
  });

  it("is not compared with a state that names none, or one on which nothing was deployed", async () => {
    const office = { ...HOME, server: "https://office.example:6443" };
    assert.equal(await refusal({}, claimed(HOME)), undefined);
    assert.equal(await refusal(undefined, claimed(HOME)), undefined);
    assert.equal(await refusal(claimed(HOME), claimed(HOME)), undefined);
    assert.equal(await refusal(refused(office), claimed(HOME)), undefined);
  });

  it("stays in the state if an update on it cannot be carried out", async () => {
    const silent = { words: "it does not answer", foreign: false };
    assert.equal(await refusal(claimed(HOME), refused(HOME), silent), "it does not answer");
    const { claimed: free, ...kept } = keptCluster(HOME, Promise.resolve(silent));
    assert.deepEqual([kept, await (free as Promise<boolean>)], [HOME, false]);
  });

  it("leaves it to the program to report that the namespace is another stack's", async () => {
    const foreign = { words: "the namespace is another test's", foreign: true };
    assert.equal(await refusal(claimed(HOME), refused(HOME), foreign), undefined);
    const office = { ...HOME, server: "https://office.example:6443" };
    assert.match((await refusal(claimed(office), refused(HOME), foreign)) ?? "", /^the test is deployed on/);
  });
});

describe("the cluster of a kubeconfig", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-cluster-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function write(name: string, server: string): string {
    const file = join(folder, name);
    mkdirSync(join(file, ".."), { recursive: true });
    const authority = Buffer.from(`-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`);
    const cluster = { server, "certificate-authority-data": authority.toString("base64") };
    const content = {
      "current-context": "home",
      clusters: [{ name: "home", cluster }],
      users: [{ name: "home", user: { token: "t" } }],
      contexts: [{ name: "home", context: { cluster: "home", user: "home" } }],
    };
    writeFileSync(file, JSON.stringify(content));
    return file;
  }

  it("is kept without its password, and with a hash of its authority", () => {
    const kubeconfig = write("one", "https://user:s3cr3t@one.example:6443");
    const found = findCluster({ kubeconfig });
    assert.match(found.authority, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      { ...found, authority: "" },
      { kubeconfig, context: "home", cluster: "home", server: "https://one.example:6443", authority: "" },
    );
    assert.notEqual(
      findCluster({ kubeconfig: write("two", "https://one.example:6443") }).authority,
      found.authority,
    );
    const missing = join(folder, "missing");
    const unknown = { kubeconfig: missing, context: "x", cluster: "", server: "", authority: "" };
    assert.deepEqual(findCluster({ kubeconfig: missing, context: "x" }), unknown);
  });

  it("is written down by its file, if that is the only one of the usual places", () => {
    const settings = readSettings({ image: "docker.io/rclone/rclone:1.71.2" });
    const [one, two] = [write("one", "https://one.example"), write("two", "https://two.example")];
    const chosen = (environment: Record<string, string>): string | undefined =>
      chooseCluster({ kubeconfig: undefined, settings }, folder, environment).access.kubeconfig;
    assert.equal(chosen({ KUBECONFIG: one }), one);
    assert.equal(chosen({ KUBECONFIG: [join(folder, "missing"), one].join(delimiter) }), one);
    assert.equal(chosen({ KUBECONFIG: [one, two].join(delimiter) }), undefined);
    assert.equal(chosen({ HOME: join(folder, "nobody") }), undefined);
    const usual = write("home/.kube/config", "https://one.example");
    assert.equal(chosen({ HOME: join(folder, "home") }), usual);
    assert.equal(
      chooseCluster({ kubeconfig: two, settings }, folder, { KUBECONFIG: one }).access.kubeconfig,
      two,
    );
  });

  it("is not cleaned, if the kubeconfig means another server than the deployed test's by now", async () => {
    const kubeconfig = write("moved", "https://moved.example:6443");
    const request = { ...cleaning, kubeconfig, context: "home", server: "https://home.example:6443" };
    const silent = { print: () => undefined, step: () => undefined };
    await assert.rejects(cleanUp(request, { ...silent, namespace: "remove" }), {
      message: `the test is deployed on https://home.example:6443, but the context "home" of ${kubeconfig} now means https://moved.example:6443. Nothing was changed. Set the kubeconfig back (fuse-test:kubeconfig, KUBECONFIG), then run the command again`,
    });
  });
});
