import assert from "node:assert/strict";
import { canBeForbidden } from "../../../policy/rules/host-path";
import {
  areTestLabels,
  asksForDevice,
  deviceFindings,
  imageOf,
  isTestImage,
  itemsOf,
  mayMount,
  mountFindings,
  runsFuse,
  runtimeFindings,
  type Surroundings,
} from "../../../policy/rules/pod-parts";
import { describe as shown, SECRET, UNKNOWN, type Value } from "../../../policy/rules/snapshot";
import { values } from "./values";

const hash = "0123456789abcdef".repeat(4);

const directory = (path: Value, name = "v"): Value => ({ name, hostPath: { path } });

/** Returns the paths of the violations of a mount of the volume `v`. */
function mounted(
  mount: Record<string, Value>,
  volumes: readonly Value[],
  more: Partial<Surroundings> = {},
): string[] {
  const surroundings = { volumes, fuse: false, patch: false, ...more };
  return mountFindings({ path: "m", value: { name: "v", ...mount } }, surroundings).map(({ path }) => path);
}

describe("A part of a directory", () => {
  it("is judged below a directory that a volume names in a text", () => {
    assert.deepEqual(mounted({ subPath: "fuse" }, [{ name: "v", hostPath: "/dev" }]), ["m.subPath"]);
    assert.deepEqual(mounted({ subPath: "fuse" }, [{ name: "v", hostPath: "/srv" }]), []);
  });

  it("is refused below a directory that is no text", () => {
    for (const path of values(1, UNKNOWN, SECRET, null)) {
      assert.deepEqual(mounted({ subPath: "a" }, [directory(path)]), ["m.subPath"]);
    }
  });

  it("is none if it is empty", () => {
    for (const key of ["subPath", "subPathExpr"]) {
      for (const part of [null, ""]) {
        assert.deepEqual(mounted({ [key]: part }, [directory("/dev/fuse"), directory("/dev")]), [], key);
      }
    }
  });

  it("could be anything if it is no text, or if its expression has a variable", () => {
    for (const part of values(1, UNKNOWN, SECRET)) {
      assert.deepEqual(mounted({ subPath: part }, [directory("/dev")]), ["m.subPath"]);
      assert.deepEqual(mounted({ subPath: part }, [directory("/srv")]), []);
    }
    assert.deepEqual(mounted({ subPathExpr: "$(A)" }, [directory("/dev")]), ["m.subPathExpr"]);
    assert.deepEqual(mounted({ subPathExpr: "a" }, [directory("/dev")]), []);
    assert.deepEqual(mounted({ subPath: "$(A)" }, [directory("/dev")]), []);
  });

  it("can be forbidden below a directory that is not known", () => {
    for (const part of [
      "tmp/fuse-test-bridge",
      "fuse-test-bridge/1",
      "fuse",
      "misc/fuse",
      "10:229",
      "char/10:229",
      "root/tmp",
      "cwd",
      "task/7/root",
      "1/fd/3",
      "a/../b",
    ]) {
      assert.equal(canBeForbidden(part), true, part);
    }
    for (const part of ["a", "fuse2", "10:22", "roots", "tmp/x", "1/status"]) {
      assert.equal(canBeForbidden(part), false, part);
    }
  });
});

describe("A mount that propagates", () => {
  const shared = { mountPropagation: "Bidirectional" };
  const refused = ["m.mountPropagation"];

  it("is allowed in a directory of infrastructure alone", () => {
    for (const path of ["/sys/fs/bpf", "/var/lib/kubelet/pods", "/var/lib/kubelet"]) {
      assert.deepEqual(mounted(shared, [directory(path)]), [], path);
    }
    for (const path of values("/srv", "/var/lib/kubelet/pods/../../..", 1, UNKNOWN, SECRET)) {
      assert.deepEqual(mounted(shared, [directory(path)]), refused, shown(path));
    }
    assert.deepEqual(mounted(shared, []), refused);
    assert.deepEqual(mounted(shared, [directory("/sys/fs", "w")]), refused);
  });

  it("is allowed beside a FUSE program only below the kubelet's directories for drivers", () => {
    const fuse = { fuse: true };
    assert.deepEqual(mounted(shared, [directory("/var/lib/kubelet/plugins/x")], fuse), []);
    assert.deepEqual(mounted(shared, [directory("/sys/fs")], fuse), refused);
  });

  it("is refused if one of the volumes of its name is another directory, or none", () => {
    assert.deepEqual(mounted(shared, [directory("/sys/fs"), { name: "v", emptyDir: {} }]), refused);
    assert.deepEqual(mounted(shared, [directory("/sys/fs"), directory("/srv")]), refused);
  });

  it("is refused in any other word than those of Kubernetes", () => {
    for (const word of values("Shared", "bidirectional", "rshared", 1, true, UNKNOWN, SECRET, {})) {
      assert.deepEqual(mounted({ mountPropagation: word }, [directory("/sys/fs")]), refused, shown(word));
    }
    for (const word of [null, "", "None", "HostToContainer"]) {
      assert.deepEqual(mounted({ mountPropagation: word }, [directory("/srv")]), [], shown(word));
    }
  });
});

describe("A container", () => {
  it("runs a FUSE program if any container of the pod does, or runs one that is not readable", () => {
    const nginx = { image: "nginx", command: null };
    assert.equal(runsFuse([nginx]), false);
    assert.equal(runsFuse([nginx, { image: "rclone" }]), true);
    for (const hidden of values(1, UNKNOWN, SECRET)) {
      assert.equal(runsFuse([{ args: ["a", hidden] }]), true);
      assert.equal(runsFuse([{ command: hidden }]), true);
      assert.equal(runsFuse([{ env: [{ name: "A", value: hidden }] }]), false);
    }
  });

  it("requests a FUSE device by its limits and by its requests", () => {
    const found = (resources: Value) =>
      deviceFindings({ path: "r", value: resources }).map(({ path, required }) => [path, required]);
    for (const key of ["limits", "requests"]) {
      assert.deepEqual(found({ [key]: { "a.b/fuse": 1 } }), [[`r.${key}["a.b/fuse"]`, "no FUSE device"]]);
    }
    assert.deepEqual(found({}), []);
    assert.deepEqual(found({ claims: { "a.b/fuse": 1 }, limits: { cpu: 1 } }), []);
  });

  it("requests a FUSE device from its runtime only by a directory for devices with that name", () => {
    const found = (mountPath: Value) =>
      runtimeFindings({ path: "c", value: { volumeMounts: [{ name: "v", mountPath }] } }).length;
    assert.equal(found("/var/run/nvidia-container-devices/cdi/fuse"), 1);
    for (const other of values("/srv/fuse", "/var/run/nvidia-container-devices/cdi/gpu", 1, UNKNOWN)) {
      assert.equal(found(other), 0);
    }
  });

  it("may mount, unless its security context clearly forbids it", () => {
    for (const context of values(
      SECRET,
      UNKNOWN,
      { privileged: true },
      { privileged: "false" },
      { privileged: UNKNOWN },
      { capabilities: SECRET },
      { capabilities: { add: UNKNOWN } },
      { capabilities: { add: ["NET_RAW", "SYS_ADMIN"] } },
      { capabilities: { add: [SECRET] } },
      { capabilities: { add: [1] } },
    )) {
      assert.equal(mayMount(context), true, JSON.stringify(context));
    }
    for (const context of [
      undefined,
      null,
      {},
      { privileged: null },
      { privileged: false, capabilities: { add: ["NET_RAW"], drop: ["ALL"] } },
    ]) {
      assert.equal(mayMount(context), false, JSON.stringify(context));
    }
  });
});

describe("An annotation", () => {
  it("requests a device if its value is not readable as one without", () => {
    for (const value of [1, true, null, undefined, {}, UNKNOWN, SECRET, "fuse"]) {
      assert.equal(asksForDevice("cdi.k8s.io/x", value), true);
      assert.equal(asksForDevice("example.com/x", value), false);
    }
    assert.equal(asksForDevice("cdi.k8s.io/fuse", "a"), true);
    assert.equal(asksForDevice("cdi.k8s.io/x", "a"), false);
  });
});

describe("An image", () => {
  it("is the test's by any part of its name, or if it is not readable or has no name", () => {
    for (const image of values(
      "rclone",
      "docker.io/rclone/rclone:1",
      hash,
      UNKNOWN,
      SECRET,
      { registry: "a", repository: "rclone" },
      { registry: "rclone" },
      { name: "rclone" },
      { image: "fuse-test" },
      { repository: hash },
      { registry: "", repository: hash },
      { registry: 1, repository: hash },
      { registry: SECRET, repository: "nginx" },
      { name: UNKNOWN },
    )) {
      assert.equal(isTestImage(image), true, JSON.stringify(image));
    }
    for (const image of [
      undefined,
      null,
      1,
      "",
      "nginx",
      ["rclone"],
      {},
      { tag: "rclone" },
      { registry: "a", repository: "b" },
    ]) {
      assert.equal(isTestImage(image), false, JSON.stringify(image));
    }
  });

  it("is that of a volume by its reference", () => {
    assert.equal(imageOf({ image: { reference: "a" } }), "a");
    assert.equal(imageOf({ image: { reference: SECRET } }), SECRET);
    assert.equal(imageOf({ image: SECRET }), SECRET);
    assert.equal(imageOf({ reference: "a" }), undefined);
  });
});

describe("Labels", () => {
  it("are the test's by its prefix or by the name of its application", () => {
    for (const labels of values(
      UNKNOWN,
      SECRET,
      { "fuse-test/role": "x" },
      { a: "b", "app.kubernetes.io/name": "fuse-test" },
      { "app.kubernetes.io/name": SECRET },
    )) {
      assert.equal(areTestLabels(labels), true);
    }
    for (const labels of [
      undefined,
      null,
      {},
      { "app.kubernetes.io/name": "web" },
      { app: "fuse-test" },
      { app: SECRET },
      { "x/fuse-test/role": "x" },
    ]) {
      assert.equal(areTestLabels(labels), false);
    }
  });
});

describe("Items of a part", () => {
  it("are those of a list, and none of anything else", () => {
    assert.deepEqual(itemsOf({ path: "p", value: { a: ["x"] } }, "a"), [
      { path: "p.a[0]", key: "0", value: "x" },
    ]);
    for (const value of values({}, { a: "x" }, { a: { b: 1 } }, { a: UNKNOWN })) {
      assert.deepEqual(itemsOf({ path: "p", value }, "a"), []);
    }
  });
});
