import assert from "node:assert/strict";
import { type Facts, findProblems, gatherFacts } from "../../../tools/setup/preconditions";
import { SYSTEM_PACKAGES, isDebianLike, missingPackages } from "../../../tools/setup/apt";

const GOOD: Facts = {
  platform: "linux",
  arch: "x64",
  uid: 0,
  debianLike: true,
  missing: [],
  fuseDevice: true,
  goVersion: "go1.26.8",
  goFetches: false,
  freeBytes: 64 * 1024 ** 3,
  cache: "/cache",
};
const ALL = { cluster: true, builds: ["kubernetes", "engine"] } as const;

describe("The preconditions of setup", () => {
  it("hold on a machine that has everything", () => {
    assert.deepEqual(findProblems(GOOD, ALL), []);
  });

  it("are reported all at once, one line each", () => {
    const bad: Facts = {
      ...GOOD,
      platform: "linux",
      arch: "riscv64",
      uid: 1000,
      debianLike: false,
      missing: SYSTEM_PACKAGES.filter(({ name }) => name === "runc" || name === "fuse3"),
      fuseDevice: false,
      goVersion: undefined,
      freeBytes: 1024 ** 3,
    };
    assert.deepEqual(findProblems(bad, ALL), [
      "Linux on x64 or arm64 is needed; this is linux on riscv64",
      "the embedded cluster needs root: run this with sudo, or use a cluster of your own: npm start -- --stack homelab",
      "/dev/fuse is missing: load the kernel's module with `modprobe fuse`",
      "packages are installed automatically on Debian and Ubuntu alone; install these by hand: runc, fuse3",
      "Go 1.26 or newer is needed to build kubernetes and engine; found none. Install it: https://go.dev/dl/",
      "10240 MiB of free disk are needed below /cache to build kubernetes and engine; 1024 MiB are free",
    ]);
  });

  it("ask for neither Go nor disk if nothing is built", () => {
    const facts = { ...GOOD, goVersion: undefined, freeBytes: 0 };
    assert.deepEqual(findProblems(facts, { cluster: true, builds: [] }), []);
  });

  it("ask for neither root nor FUSE where only the engine is wanted", () => {
    const facts = { ...GOOD, uid: 1000, fuseDevice: false, debianLike: false, missing: SYSTEM_PACKAGES };
    assert.deepEqual(findProblems(facts, { cluster: false, builds: [] }), []);
  });

  it("let a Mac have a downloaded engine, and nothing else", () => {
    const mac = { ...GOOD, platform: "darwin", arch: "arm64" };
    assert.deepEqual(findProblems(mac, { cluster: false, builds: [] }), []);
    assert.deepEqual(findProblems(mac, { cluster: true, builds: [] }), [
      "Linux on x64 or arm64 is needed; this is darwin on arm64",
    ]);
  });

  const versions = [
    { goVersion: "go1.26", goFetches: false, accepted: true },
    { goVersion: "go1.27.1", goFetches: false, accepted: true },
    { goVersion: "go1.25.9", goFetches: false, accepted: false },
    { goVersion: "go1.25.9", goFetches: true, accepted: true },
    { goVersion: "go1.19.8", goFetches: true, accepted: false },
  ];
  for (const { goVersion, goFetches, accepted } of versions) {
    const fetches = goFetches ? "that fetches newer ones" : "that stays as it is";
    it(`${accepted ? "accept" : "refuse"} ${goVersion} ${fetches}`, () => {
      const problems = findProblems(
        { ...GOOD, goVersion, goFetches },
        { cluster: false, builds: ["engine"] },
      );
      assert.equal(problems.length, accepted ? 0 : 1);
    });
  }

  it("look at the machine without changing it", () => {
    const facts = gatherFacts();
    assert.equal(facts.platform, process.platform);
    assert.ok(facts.freeBytes > 0);
  });
});

describe("The system packages", () => {
  it("are all missing where no file is, and none if every file is", () => {
    assert.deepEqual(
      missingPackages(() => false),
      SYSTEM_PACKAGES,
    );
    assert.deepEqual(
      missingPackages(() => true),
      [],
    );
  });

  it("are looked for wherever programs and network plugins are put", () => {
    const elsewhere = (file: string): boolean =>
      file.startsWith("/usr/local/bin/") || file.startsWith("/opt/cni/bin/");
    assert.deepEqual(
      missingPackages(elsewhere).map(({ name }) => name),
      ["catatonit"],
    );
  });

  it("are missing if one of several programs is", () => {
    const withoutShim = (file: string): boolean => !file.endsWith("containerd-shim-runc-v2");
    assert.deepEqual(
      missingPackages(withoutShim).map(({ name }) => name),
      ["containerd"],
    );
  });

  const systems = [
    { text: 'ID=debian\nVERSION_ID="12"', like: true },
    { text: "ID=ubuntu\nID_LIKE=debian", like: true },
    { text: 'ID=linuxmint\nID_LIKE="ubuntu debian"', like: true },
    { text: 'ID=fedora\nNAME="not debian"', like: false },
    { text: "", like: false },
  ];
  for (const { text, like } of systems) {
    it(`are ${like ? "" : "not "}Debian's where os-release says ${JSON.stringify(text)}`, () => {
      assert.equal(isDebianLike(text), like);
    });
  }
});
