import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import {
  NO_PROGRESS,
  advance,
  describe as describeProgress,
  goEnvironment,
} from "../../../tools/setup/build";
import {
  ENGINE_BUILD,
  KUBERNETES_BUILD,
  PROVIDER_BUILD,
  estimateMinutes,
  moduleFolder,
} from "../../../tools/setup/modules";
import { ENGINE_VERSION, KUBERNETES_VERSION } from "../../../tools/setup/paths";
import { atLeast } from "../../../tools/setup/platform";
import { PROVIDERS } from "../../../tools/setup/providers";
import { inFolder, withEnvironment } from "./support";

const BUILDS = {
  engine: ENGINE_BUILD.cpuSeconds,
  provider: PROVIDER_BUILD.cpuSeconds,
  kubernetes: KUBERNETES_BUILD.cpuSeconds,
};

describe("The progress of a build", () => {
  it("counts modules and packages, and keeps the lines that are neither", () => {
    const lines = [
      "go: downloading k8s.io/api v0.34.4",
      "internal/abi",
      "k8s.io/kubernetes/cmd/kubelet",
      "# k8s.io/kubernetes/cmd/kubelet",
      "main.go:3:1: syntax error",
    ];
    const progress = lines.reduce(advance, NO_PROGRESS);
    assert.deepEqual(progress, {
      downloaded: 1,
      compiled: 2,
      now: "k8s.io/kubernetes/cmd/kubelet",
      others: ["# k8s.io/kubernetes/cmd/kubelet", "main.go:3:1: syntax error"],
    });
    assert.equal(
      describeProgress(progress, 30),
      "30 s, modules downloaded: 1, packages compiled: 2; now k8s.io/kubernetes/cmd/kubelet",
    );
  });

  it("has something to say where an interrupted build is taken up and only links", () => {
    assert.equal(describeProgress(NO_PROGRESS, 10), "10 s, linking what an earlier build compiled");
  });

  it("keeps no more than the last lines, whatever is printed", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        const { downloaded, compiled, others } = lines.reduce(advance, NO_PROGRESS);
        assert.ok(others.length <= 15);
        assert.ok(downloaded + compiled + others.length <= lines.length);
      }),
    );
  });
});

describe("A build from modules", () => {
  it("keeps Go's caches in this project's own, and reaches no C compiler", () =>
    inFolder((folder) =>
      withEnvironment({ FUSE_TEST_CACHE: folder }, () => {
        const env = goEnvironment({ GOPROXY: "https://proxy", GOFLAGS: "-mod=vendor" });
        assert.deepEqual(env, {
          GOPROXY: "https://proxy",
          CGO_ENABLED: "0",
          GOWORK: "off",
          GOFLAGS: "-mod=readonly -modcacherw",
          GOMODCACHE: join(folder, "go", "mod"),
          GOCACHE: join(folder, "go", "build"),
          GOTMPDIR: join(folder, "go", "tmp"),
        });
      }),
    ));

  it("pins the versions that the rest of the project names", () => {
    const engine = readFileSync(join(moduleFolder(ENGINE_BUILD), "go.mod"), "utf8");
    const kubernetes = readFileSync(join(moduleFolder(KUBERNETES_BUILD), "go.mod"), "utf8");
    assert.ok(engine.includes(`github.com/pulumi/pulumi/pkg/v3 v${ENGINE_VERSION}`));
    assert.ok(kubernetes.includes(`k8s.io/kubernetes v${KUBERNETES_VERSION}`));
  });

  it("gives each provider plugin the version of the npm package with its name", () => {
    const manifest = JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    for (const { name, version } of PROVIDERS) {
      assert.equal(manifest.dependencies[`@pulumi/${name}`], version, name);
    }
    assert.ok(PROVIDER_BUILD.ldflags.endsWith("/provider/v4/pkg/version.Version=4.25.0"));
  });

  it("is estimated in whole minutes, by the number of cores", () => {
    assert.equal(estimateMinutes([], 2), 0);
    assert.equal(estimateMinutes(["engine"], 1), Math.ceil(ENGINE_BUILD.cpuSeconds / 60));
    const all = ["engine", "provider", "kubernetes"] as const;
    assert.equal(estimateMinutes(all, 1), Math.ceil(all.reduce((sum, name) => sum + BUILDS[name], 0) / 60));
    assert.equal(estimateMinutes(all, 1000), 1);
    assert.equal(estimateMinutes(all, 0), estimateMinutes(all, 1));
  });
});

describe("A version", () => {
  const cases = [
    { version: "v3.247.0", minimum: "3.247.0", result: true },
    { version: "3.300.1", minimum: "3.247.9", result: true },
    { version: "4.0.0", minimum: "3.247.0", result: true },
    { version: "3.246.9", minimum: "3.247.0", result: false },
    { version: "go1.9", minimum: "1.26", result: false },
    { version: "", minimum: "1.26", result: false },
  ];
  for (const { version, minimum, result } of cases) {
    it(`${JSON.stringify(version)} is ${result ? "" : "not "}at least ${minimum}`, () => {
      assert.equal(atLeast(version, minimum), result);
    });
  }

  it("is at least itself and not at least its successor", () => {
    const part = fc.nat(10_000);
    fc.assert(
      fc.property(part, part, part, (major, minor, patch) => {
        const version = `${major}.${minor}.${patch}`;
        assert.equal(atLeast(version, version), true);
        assert.equal(atLeast(version, `${major}.${minor}.${patch + 1}`), false);
      }),
    );
  });
});
