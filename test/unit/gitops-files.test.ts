import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { readSettings } from "../../config";
import { FLAVOURS, type Flavour, testFiles } from "../../gitops/test-files";
import { writeRendered } from "../../gitops/write";
import { runDirectory } from "../../manifests/common";
import { programsManifest } from "../../manifests/configmap";
import { consumerManifest } from "../../manifests/consumer";
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
    const { metadata, spec } = consumerManifest(pods, {
      role: "consumer",
      mountPropagation: "HostToContainer",
    });
    const pairs: [unknown, unknown][] = [
      [objectOf(files, "test/pod-fuse-producer.yaml"), producerManifest(pods)],
      [
        objectOf(files, "test/pod-fuse-control.yaml"),
        consumerManifest(pods, { role: "control", mountPropagation: "None" }),
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
    const line = { flux: "suspend: ", argocd: "enabled: ", operator: "stack-fuse-test.yaml", plain: "" };
    for (const flavour of ["flux", "argocd", "operator"] as const) {
      const [off, on] = [filesOf(flavour), filesOf(flavour, true)].map((files) =>
        Object.values(files).join("").split("\n"),
      );
      const changed = (on ?? []).filter((text) => !(off ?? []).includes(text));
      assert.ok(
        changed.every((text) => text.includes(line[flavour]) || text === "resources:"),
        changed.join("\n"),
      );
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

  it("has new pods and a new Job for another run", () => {
    const other = { ...pods, run: "8", hostPath: runDirectory({ ...settings, run: "8" }) };
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
    for (const name of ["pod-fuse-producer", "pod-fuse-control", "pod-fuse-cleaner", "job-fuse-consumer"]) {
      const [before, after] = [filesOf("plain"), files].map((all) => objectOf(all, `test/${name}.yaml`));
      assert.notDeepEqual((before as { spec: object }).spec, (after as { spec: object }).spec);
    }
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
