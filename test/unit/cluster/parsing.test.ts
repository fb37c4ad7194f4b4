import assert from "node:assert/strict";
import fc from "fast-check";
import { innermostPid } from "../../../tools/cluster/namespaces";
import { parseNodes } from "../../../tools/cluster/api";
import { cgroupMounts } from "../../../tools/cluster/cgroups";
import { mountPointsBelow } from "../../../tools/cluster/down";
import { parseStat } from "../../../tools/cluster/processes";

describe("parseStat", () => {
  it("reads state, parent and start time", () => {
    const text = `1234 (kubelet) S 77 ${"0 ".repeat(17)}98765 1 2 3\n`;
    assert.deepEqual(parseStat(text), { pid: 1234, state: "S", parent: 77, startTime: 98765 });
  });

  it("is not misled by the name of a program", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const text = `9 (${name}) R 1 ${"0 ".repeat(17)}42 0`;
        assert.deepEqual(parseStat(text), { pid: 9, state: "R", parent: 1, startTime: 42 });
      }),
    );
  });

  it("says nothing about what is not of that form", () => {
    for (const text of ["", "1", "1 (a) S", "1 (a) S x"]) assert.equal(parseStat(text), undefined);
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseStat(text);
      }),
    );
  });
});

describe("innermostPid", () => {
  it("tells the first process of a pid namespace from the machine's processes", () => {
    assert.deepEqual(innermostPid("Name:\tcatatonit\nNSpid:\t4711\t1\n"), { pid: 1, depth: 2 });
    assert.deepEqual(innermostPid("NSpid:\t4711\n"), { pid: 4711, depth: 1 });
    assert.equal(innermostPid("Name:\tcatatonit\n"), undefined);
  });
});

describe("cgroupMounts", () => {
  it("finds version 1, version 2 and both, and nothing else", () => {
    const text = [
      "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755",
      "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory",
      "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
      "",
    ].join("\n");
    assert.deepEqual(cgroupMounts(text), ["/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified"]);
    assert.deepEqual(cgroupMounts(""), []);
  });
});

describe("mountPointsBelow", () => {
  const line = (point: string) => `36 35 98:0 / ${point} rw,noatime - ext4 /dev/root rw`;

  it("finds mounts at and below a folder, and not beside it", () => {
    const text = [line("/a/b"), line("/a/b/c"), line("/a/bc"), line("/a"), line("/x/a/b")].join("\n");
    assert.deepEqual(mountPointsBelow(text, "/a/b"), ["/a/b", "/a/b/c"]);
  });

  it("understands how the kernel writes blanks", () => {
    assert.deepEqual(mountPointsBelow(line("/a\\040b/c\\134d"), "/a b"), ["/a b/c\\d"]);
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.deepEqual(mountPointsBelow(text, "/no/such/folder"), []);
      }),
    );
  });
});

describe("parseNodes", () => {
  const node = (ready: string | undefined, taints: string[] = []) => ({
    metadata: { name: "w2" },
    spec: { taints: taints.map((key) => ({ key, effect: "NoSchedule" })) },
    status: ready === undefined ? {} : { conditions: [{ type: "Ready", status: ready, message: "why" }] },
  });
  const problem = (item: unknown) => parseNodes(JSON.stringify({ items: [item] }))[0]?.problem;

  it("finds nothing wrong with a node that is ready", () => {
    assert.equal(problem(node("True")), undefined);
  });

  it("says why a node is not ready", () => {
    assert.equal(problem(node("False")), "not ready: why");
    assert.equal(problem(node("Unknown")), "not ready: why");
    assert.equal(problem(node(undefined)), "not ready: it has not reported yet");
  });

  it("counts the taints of Kubernetes, and leaves a user's alone", () => {
    assert.equal(
      problem(node("True", ["node.kubernetes.io/not-ready"])),
      "tainted: node.kubernetes.io/not-ready",
    );
    assert.equal(problem(node("True", ["dedicated"])), undefined);
  });
});
