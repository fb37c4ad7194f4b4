import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { FuseTest as FuseTestComponent } from "../../components/fuse-test";
import { readSettings } from "../../config/settings";
import { FLAVOURS, type Flavour, testFiles } from "../../gitops/test-files";
import { writeRendered } from "../../gitops/write";
import { type PodSettings, runDirectory } from "../../manifests/common";
import { withRunOfContent } from "../../manifests/gitops";
import { recordResources } from "../support/mocks";
import { aVerdict } from "../support/verdicts";

const settings = readSettings({ image: "docker.io/rclone/rclone:1.71.2", run: "7" });
const pods = {
  ...settings,
  hostPath: runDirectory(settings),
  image: settings.image ?? "",
  imagePullPolicy: "IfNotPresent" as const,
};

function filesOf(flavour: Flavour, enabled = false): Record<string, string> {
  const { path, ...rest } = { path: "fuse-test", source: "flux-system", branch: "main", stack: "homelab" };
  const options = { ...rest, path, flavour, enabled, repository: "https://git.example/x.git" };
  return testFiles({ pods, settings }, { ...options, command: "npm run render" });
}

function objectOf(files: Readonly<Record<string, string>>, path: string): Record<string, unknown> {
  return parse(files[path] ?? "") as Record<string, unknown>;
}

/** Returns the path of each value that is not the same in two objects. */
function differences(a: unknown, b: unknown, path = ""): string[] {
  if (isDeepStrictEqual(a, b)) return [];
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null;
  if (!isObject(a) || !isObject(b)) return [path];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], `${path}.${key}`),
  );
}

/**
 * Every difference between what is rendered and what `pulumi up` creates, by the object and the path in it, with its
 * reason.
 */
const ALLOWED: Readonly<Record<string, string>> = {
  "ConfigMap/fuse-test-programs.metadata.annotations.pulumi.com/patchFieldManager":
    "the field manager is named by the owner",
  "ConfigMap/fuse-test-programs.metadata.labels.fuse-test/owner":
    "the owner of what GitOps deploys is no stack of Pulumi",
  "Job/fuse-consumer.spec.template.spec.containers.0.env.3":
    "JUDGE: the consumer concludes, because no program outside the pods does",
  "Namespace/fuse-test.metadata.annotations.pulumi.com/patchFieldManager":
    "the field manager is named by the owner",
  "Namespace/fuse-test.metadata.labels.fuse-test/owner":
    "the owner of what GitOps deploys is no stack of Pulumi",
  "Pod/fuse-control.spec.containers.0.env.3": "JUDGE: the control reports to the consumer that concludes",
  "Pod/fuse-producer.spec.containers.0.env.5": "JUDGE: the producer reports to the consumer that concludes",
};

/** Objects that are rendered and that `pulumi up` does not create, with the reason. */
const ADDED: Readonly<Record<string, string>> = {
  "Job/fuse-consumer":
    "controllers take a failed pod for healthy, and a failed Job for failed; its pod is compared",
  "Pod/fuse-cleaner": "no program outside the pods cleans the node",
};

/** Objects that `pulumi up` creates and that are not rendered, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "Pod/fuse-consumer": "it is the pod of the Job",
};

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Returns objects by their kind and name. */
function byName(objects: readonly unknown[]): Map<string, unknown> {
  return new Map(
    (objects as readonly Named[]).map((object) => [`${object.kind}/${object.metadata.name}`, object]),
  );
}

/** Returns what `pulumi up` creates for pods of these settings, as its components give it to the engine. */
async function createdByPulumi(deployed: PodSettings): Promise<Map<string, unknown>> {
  const start = "2026-01-02T03:04:05.000Z";
  const stdout = {
    "fuse-test-preflight": JSON.stringify({ start, verdict: null }),
    "fuse-test-verdict": JSON.stringify(aVerdict()),
  };
  const registered = await recordResources({ preview: false, stdout });
  // The component reads at declaration whether this is a preview, so it is loaded after the mocks are set.
  const { FuseTest } = (await import("../../components/fuse-test.js")) as {
    FuseTest: typeof FuseTestComponent;
  };
  const { node, driver, image, hostPath, timeoutSeconds, namespace, run } = deployed;
  const test = new FuseTest("fuse-test", {
    deployedOn: { kubeconfig: "", context: "", cluster: "", server: "", authority: "" },
    pods: deployed,
    bridge: settings.hostPath,
    request: { node, driver, image, hostPath, timeoutSeconds, namespace, run, reports: "reports" },
    owner: "local-1",
    claim: Promise.resolve(),
    keepNamespace: false,
    suite: "quick",
    before: [],
  });
  await new Promise((resolve) => (test.result as pulumi.Output<unknown>).apply(resolve));
  await pulumi.runtime.disconnect();
  return byName(registered.filter(({ type }) => type.startsWith("kubernetes:")).map(({ inputs }) => inputs));
}

/** Returns the pod of a Job as the Pod that it makes, at the path in the Job. */
function podOf(job: unknown, pod: unknown): [unknown, unknown] {
  const { template } = (job as { spec: { template: { metadata: object; spec: object } } }).spec;
  const { metadata, spec } = pod as { metadata: { labels: object; annotations: object }; spec: object };
  const { labels, annotations } = metadata;
  return [{ spec: { template } }, { spec: { template: { metadata: { labels, annotations }, spec } } }];
}

describe("the test as GitOps deploys it", () => {
  it("differs from what `pulumi up` creates in what is listed with a reason alone", async () => {
    const files = filesOf("plain");
    const rendered = byName(
      Object.keys(files)
        .filter((path) => !path.endsWith("/kustomization.yaml"))
        .map((path) => objectOf(files, path)),
    );
    // The id of a run is chosen by whoever deploys; here it is the same for both.
    const created = await createdByPulumi(withRunOfContent(pods));
    const missingIn = (these: ReadonlyMap<string, unknown>, those: ReadonlyMap<string, unknown>): string[] =>
      [...those.keys()].filter((name) => !these.has(name)).sort();
    assert.deepEqual(missingIn(created, rendered), Object.keys(ADDED).sort());
    assert.deepEqual(missingIn(rendered, created), Object.keys(LEFT_OUT).sort());
    const inPod = podOf(rendered.get("Job/fuse-consumer"), created.get("Pod/fuse-consumer"));
    const found = [
      ...[...rendered].flatMap(([name, object]) =>
        name in ADDED ? [] : differences(object, created.get(name), name),
      ),
      ...differences(...inPod, "Job/fuse-consumer"),
    ];
    assert.deepEqual(found.sort(), Object.keys(ALLOWED).sort());
  });

  it("is the same for Flux and Argo CD but for the annotations by which Argo CD replaces and judges it", () => {
    const [plain, flux, argocd] = (["plain", "flux", "argocd"] as const).map((flavour) => filesOf(flavour));
    const paths = Object.keys(flux ?? {}).filter((path) => path.startsWith("test/"));
    assert.equal(paths.length, 6);
    const annotation = ".metadata.annotations.argocd.argoproj.io";
    const replaced = `${annotation}/sync-options`;
    const leftOut = `${annotation}/ignore-healthcheck`;
    const expected: Readonly<Record<string, readonly string[]>> = {
      "test/job-fuse-consumer.yaml": [replaced],
      "test/pod-fuse-cleaner.yaml": [leftOut, replaced],
      "test/pod-fuse-control.yaml": [leftOut, replaced],
      "test/pod-fuse-producer.yaml": [leftOut, replaced],
    };
    for (const path of paths.filter((one) => !one.endsWith("/kustomization.yaml"))) {
      const [own, forFlux, forArgocd] = [plain, flux, argocd].map((files) => objectOf(files ?? {}, path));
      assert.deepEqual(forFlux, own, path);
      assert.deepEqual(differences(forArgocd, own).sort(), expected[path] ?? [], path);
    }
  });

  for (const flavour of FLAVOURS) {
    it(`is rendered for ${flavour} the same twice, with a header, its keys in order and every file listed`, () => {
      const files = filesOf(flavour, true);
      assert.deepEqual(files, filesOf(flavour, true));
      for (const [path, text] of Object.entries(files)) {
        assert.ok(text.startsWith("# Rendered by `npm run render`"), path);
        if (path.endsWith("/kustomization.yaml")) continue;
        const keys = Object.keys(parse(text) as object);
        assert.deepEqual(keys, [...keys].sort(), path);
        const [folder = "", file = ""] = path.split("/");
        const { resources } = objectOf(files, `${folder}/kustomization.yaml`);
        assert.ok((resources as string[]).includes(file), path);
      }
    });
  }

  it("is disabled by one line, and enabled by it", () => {
    const lines: Readonly<Record<Exclude<Flavour, "plain">, readonly [string[], string[]]>> = {
      flux: [["suspend: true"], []],
      argocd: [["enabled: false"], ["enabled: true"]],
      operator: [[], ["- stack-fuse-test.yaml"]],
    };
    for (const flavour of ["flux", "argocd", "operator"] as const) {
      const [off = [], on = []] = [filesOf(flavour), filesOf(flavour, true)].map((files) =>
        Object.values(files)
          .join("")
          .split("\n")
          .map((line) => line.trim()),
      );
      const only = (these: readonly string[], those: readonly string[]): string[] =>
        these.filter((line) => !those.includes(line));
      assert.deepEqual([only(off, on), only(on, off)], lines[flavour]);
    }
  });

  it("lets the controller wait longer than the Job", () => {
    const { spec } = objectOf(filesOf("flux"), "flux/kustomization-fuse-test.yaml") as {
      spec: { timeout: string; prune: boolean; wait: boolean; deletionPolicy: string; suspend: boolean };
    };
    const { spec: job } = objectOf(filesOf("flux"), "test/job-fuse-consumer.yaml") as {
      spec: { activeDeadlineSeconds: number };
    };
    assert.ok(parseInt(spec.timeout, 10) > job.activeDeadlineSeconds);
    assert.deepEqual(
      [spec.prune, spec.wait, spec.deletionPolicy, spec.suspend],
      [true, true, "WaitForTermination", true],
    );
  });

  const others: readonly { what: string; other: typeof pods }[] = [
    { what: "run", other: { ...pods, run: "8", hostPath: runDirectory({ ...settings, run: "8" }) } },
    { what: "driver", other: { ...pods, driver: "bindfs" } },
    { what: "limit", other: { ...pods, timeoutSeconds: pods.timeoutSeconds + 1 } },
    { what: "image", other: { ...pods, image: "docker.io/rclone/rclone:1.71.1" } },
  ];
  for (const { what, other } of others)
    it(`has new pods and a new Job, in a directory of their own, for another ${what}`, () => {
      const options = {
        source: "",
        branch: "",
        stack: "",
        path: "",
        repository: "",
        flavour: "plain",
        enabled: true,
      } as const;
      const files = testFiles({ pods: other, settings }, { ...options, command: "npm run render" });
      const names = ["pod-fuse-producer", "pod-fuse-control", "pod-fuse-cleaner", "job-fuse-consumer"];
      const runs = [filesOf("plain"), files].map((all) =>
        names.map(
          (name) => /name: RUN\n *value: "?([^"\n]*)/.exec(all[`test/${name}.yaml`] ?? "")?.[1] ?? "",
        ),
      );
      const [before = [], after = []] = runs.map((all) => [...new Set(all)]);
      assert.deepEqual([before.length, after.length], [1, 1]);
      assert.notEqual(before[0], after[0]);
      assert.match(after[0] ?? "", new RegExp(`^${other.run}-[0-9a-f]{8}$`));
      const paths = /path: (\/tmp\/.*)/.exec(files["test/pod-fuse-producer.yaml"] ?? "");
      assert.equal(paths?.[1], `/tmp/fuse-test-bridge/${after[0] ?? ""}`);
    });

  it("has an id of its run that is a label's value, however long the one is that was asked for", () => {
    const run = "r".repeat(63);
    const deployed = withRunOfContent({ ...pods, run, hostPath: runDirectory({ ...settings, run }) });
    assert.equal(deployed.run.length, 63);
    assert.match(deployed.run, /^r{54}-[0-9a-f]{8}$/);
  });

  it("is not for another namespace, which is said in one line", () => {
    assert.throws(
      () =>
        testFiles(
          { pods: { ...pods, namespace: "other" }, settings },
          {
            flavour: "plain",
            command: "",
            stack: "",
            repository: "",
            source: "",
            branch: "",
            path: "",
            enabled: true,
          },
        ),
      /^UserError: the namespace is other: expected fuse-test.*Set fuse-test:namespace to it$|the namespace is other: expected fuse-test/,
    );
  });

  it("is never written over a file that was not rendered, and then not at all", () => {
    const folder = mkdtempSync(join(tmpdir(), "fuse-test-render-"));
    mkdirSync(join(folder, "test"));
    writeFileSync(join(folder, "test", "pod-fuse-producer.yaml"), "mine");
    assert.throws(() => {
      writeRendered(folder, filesOf("plain"));
    }, /pod-fuse-producer\.yaml is there already/);
    assert.throws(() => readFileSync(join(folder, "test", "kustomization.yaml")), /ENOENT/);
    rmSync(join(folder, "test", "pod-fuse-producer.yaml"));
    writeRendered(folder, filesOf("plain"));
    writeRendered(folder, filesOf("plain"));
    assert.match(readFileSync(join(folder, "test", "pod-fuse-producer.yaml"), "utf8"), /^# Rendered by/);
    rmSync(folder, { recursive: true });
  });
});
