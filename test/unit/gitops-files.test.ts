import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { readSettings } from "../../config/settings";
import { FLAVOURS, type Flavour, testFiles } from "../../gitops/test-files";
import { writeRendered } from "../../gitops/write";
import { runDirectory } from "../../manifests/common";
import { programsManifest } from "../../manifests/configmap";
import { consumerManifest } from "../../manifests/consumer";
import { withRunOfContent } from "../../manifests/gitops";
import { producerManifest } from "../../manifests/producer";

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

/** Where two objects differ: the path of each value that is not the same in both. */
function differences(a: unknown, b: unknown, path = ""): string[] {
  if (isDeepStrictEqual(a, b)) return [];
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null;
  if (!isObject(a) || !isObject(b)) return [path];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], `${path}.${key}`),
  );
}

/** Every difference between a rendered object and the one that `pulumi up` creates, with its reason. */
const ALLOWED: Readonly<Record<string, string>> = {
  ".spec.containers.0.env.3":
    "JUDGE of a pod that looks: the consumer judges, because no program outside the pods does",
  ".spec.containers.0.env.5": "JUDGE of the producer, for the same reason",
  ".metadata.labels.fuse-test/owner": "the owner of what GitOps deploys is no stack of Pulumi",
  ".metadata.annotations.pulumi.com/patchFieldManager": "the field manager is named by the owner",
};

describe("the test as GitOps deploys it", () => {
  it("differs from what `pulumi up` creates in what is listed with a reason alone", () => {
    const files = filesOf("plain");
    const job = objectOf(files, "test/job-fuse-consumer.yaml") as {
      spec: { template: { metadata: object; spec: object } };
      metadata: object;
    };
    // The id of a run is chosen by whoever deploys; here it is the same for both.
    const deployed = withRunOfContent(pods);
    const { metadata, spec } = consumerManifest(deployed, {
      role: "consumer",
      mountPropagation: "HostToContainer",
    });
    const pairs: [unknown, unknown][] = [
      [objectOf(files, "test/pod-fuse-producer.yaml"), producerManifest(deployed)],
      [
        objectOf(files, "test/pod-fuse-control.yaml"),
        consumerManifest(deployed, { role: "control", mountPropagation: "None" }),
      ],
      [objectOf(files, "test/configmap-fuse-test-programs.yaml"), programsManifest("fuse-test", "local-1")],
      [
        { metadata: job.spec.template.metadata, spec: job.spec.template.spec },
        { metadata: { labels: metadata.labels, annotations: metadata.annotations }, spec },
      ],
    ];
    const found = pairs.flatMap(([rendered, created]) => differences(rendered, created));
    assert.deepEqual([...new Set(found)].sort(), Object.keys(ALLOWED).sort());
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
      operator: [["resources: []"], ["resources:", "- stack-fuse-test.yaml"]],
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
