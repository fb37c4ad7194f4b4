import assert from "node:assert/strict";
import fc from "fast-check";
import { layoutOf } from "../../../tools/cluster/layout";
import { chooseBlock, networkOf } from "../../../tools/cluster/network";
import { checkName } from "../../../tools/cluster/options";
import { withEnvironment } from "../setup/support";

const names = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);

describe("the cluster's network", () => {
  it("gives each part of a /24 its own quarter", () => {
    assert.deepEqual(networkOf("198.18.7.0/24"), {
      block: "198.18.7.0/24",
      machine: "198.18.7.1",
      apiServer: "198.18.7.2",
      nodes: { w1: "198.18.7.3", w2: "198.18.7.4" },
      pods: { w1: "198.18.7.64/26", w2: "198.18.7.128/26" },
      services: "198.18.7.192/26",
      apiService: "198.18.7.193",
      dnsService: "198.18.7.202",
    });
  });

  for (const block of ["198.18.7.0/16", "198.18.7.1/24", "198.18.0/24", "298.18.7.0/24", "", "; reboot"]) {
    it(`refuses "${block}" and shows what is right`, () => {
      assert.throws(() => networkOf(block), {
        message: `the cluster's network is "${block}"; expected a /24 such as 198.18.7.0/24`,
      });
    });
  }

  it("is within 198.18.0.0/15, and the same for the same name", () => {
    fc.assert(
      fc.property(names, (name) => {
        const block = chooseBlock(name, []);
        assert.match(block, /^198\.1[89]\.\d{1,3}\.0\/24$/);
        assert.equal(networkOf(block).block, block);
        assert.equal(chooseBlock(name, []), block);
      }),
    );
  });

  it("keeps away from addresses that the machine has", () => {
    const first = networkOf(chooseBlock("default", []));
    const second = networkOf(chooseBlock("default", ["127.0.0.1", first.machine]));
    assert.notEqual(second.block, first.block);
  });

  it("says so when every network is in use", () => {
    const all = Array.from({ length: 512 }, (_, slot) => `198.${18 + (slot >> 8)}.${slot & 255}.1`);
    assert.throws(() => chooseBlock("default", all), {
      message: "every network of 198.18.0.0/15 is in use on this machine; stop a cluster",
    });
  });
});

describe("what a cluster has outside its folder", () => {
  it("has an interface name that the kernel takes", () => {
    fc.assert(
      fc.property(names, (name) => {
        assert.equal(layoutOf(name).link.length <= 15, true);
      }),
    );
  });

  it("is not shared by clusters of one name in different state folders", async () => {
    const a = await withEnvironment({ FUSE_TEST_STATE: "/a" }, () => layoutOf("default"));
    const b = await withEnvironment({ FUSE_TEST_STATE: "/b" }, () => layoutOf("default"));
    assert.equal(a.folder, "/a/clusters/default");
    assert.notEqual(a.link, b.link);
    assert.notEqual(a.cgroup, b.cgroup);
  });
});

describe("a cluster's name", () => {
  for (const name of ["default", "e2e-cluster", "a", "0"]) {
    it(`may be "${name}"`, () => {
      assert.equal(checkName(name), name);
    });
  }
  for (const name of ["", "..", "a/b", "A", "-a", "a-", "a b", "x".repeat(33)]) {
    it(`may not be "${name}"`, () => {
      assert.throws(() => checkName(name), {
        message: `the cluster's name is "${name}"; expected 1 to 32 of a-z, 0-9 and "-", such as "default" (FUSE_TEST_CLUSTER)`,
      });
    });
  }
});
