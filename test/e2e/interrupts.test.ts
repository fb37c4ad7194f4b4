import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { type Checkout, copyCheckout } from "../support/checkout";
import { runProgram } from "../support/command-lines";
import { testCluster, tracesOfCluster } from "../support/cluster";
import { assertNothingLeft } from "../support/leftovers";
import { E2E_CLUSTER } from "../support/names";

/** Commands to interrupt, each with the output after which the signal is sent. */
const CASES = [
  {
    line: "node tools/bootstrap.cjs commands/start.ts --stack homelab",
    after: /run \S+ on stack homelab/,
    signal: "SIGINT",
    says: "npm start: interrupted (SIGINT). Continue: npm start. Or remove what it has created: npm run destroy, then npm run cluster -- down",
  },
  {
    line: "node tools/bootstrap.cjs commands/again.ts homelab",
    after: /done +create producer/,
    signal: "SIGTERM",
    says: "npm run again: interrupted (SIGTERM). This run has no verdict. Run it again: npm run again; or remove it: npm run destroy",
  },
  {
    line: "node tools/bootstrap.cjs commands/destroy.ts homelab",
    after: /load the program/,
    signal: "SIGINT",
    says: "npm run destroy: interrupted (SIGINT). Something may be left. Run it again: npm run destroy",
  },
  {
    line: "node tools/bootstrap.cjs commands/clean.ts homelab",
    after: /^cleaning /,
    signal: "SIGINT",
    says: "npm run clean: interrupted (SIGINT). Something may be left. Run it again: npm run clean",
  },
] as const;

describe("a test that is interrupted", function () {
  this.timeout(180_000);
  let folder: string;
  let checkout: Checkout;

  before(async () => {
    const { kubeconfig, image } = await testCluster();
    folder = mkdtempSync(join(tmpdir(), "fuse-test-interrupts-"));
    const environment = { FUSE_TEST_STATE: join(folder, "state"), PULUMI_BACKEND_URL: "" };
    checkout = await copyCheckout(join(folder, "checkout"), { environment });
    checkout.configure("homelab", { kubeconfig, image, guard: true, suite: "quick" });
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { line, after, signal, says } of CASES) {
    it(`by ${signal}, after "${after.source}" of ${line.split(" ")[2] ?? ""}, ends with one line and the signal's status`, async () => {
      const { status, stderr, lines } = await checkout.run(`exec ${line}`, {}, { after, signal });
      assert.equal(stderr.trimEnd().split("\n").at(-1), says, lines.join("\n"));
      assert.equal(status, 128 + constants.signals[signal]);
      assert.doesNotMatch(lines.join("\n"), /^verdict: SUCCESS$|^ +at /m);
    });
  }

  it("is no obstacle to a destroy, which leaves nothing", async () => {
    const { status, lines } = await checkout.run("node tools/bootstrap.cjs commands/destroy.ts homelab");
    assert.equal(status, 0, lines.join("\n"));
    await assertNothingLeft(E2E_CLUSTER, lines.join("\n"));
  });

  it("has the state of its stack in one piece, and one stack", async () => {
    const { stdout } = await checkout.run("npx pulumi stack ls --json");
    const stacks = JSON.parse(stdout) as { name: string; current: boolean }[];
    assert.deepEqual(
      stacks.map(({ name, current }) => [name, current]),
      [["homelab", true]],
    );
  });
});

describe("an embedded cluster whose start is interrupted", function () {
  this.timeout(120_000);
  const cluster = `${E2E_CLUSTER}-stopped`;
  const environment = { FUSE_TEST_CLUSTER: cluster };

  for (const [after, signal] of [
    [/starting cluster/, "SIGINT"],
    [/waiting for the nodes/, "SIGTERM"],
  ] as const) {
    it(`after "${after.source}" by ${signal}, is removed by the command that is named`, async () => {
      const { status, stderr } = await runProgram("tools/cluster/main.ts", ["up"], {
        environment,
        interrupt: { after, signal },
      });
      assert.equal(
        stderr.trimEnd().split("\n").at(-1),
        `npm run cluster: interrupted (${signal}). Continue: npm run cluster -- up. Or remove what it has started: npm run cluster -- down`,
      );
      assert.equal(status, 128 + constants.signals[signal]);
      const down = await runProgram("tools/cluster/main.ts", ["down"], { environment });
      assert.equal(down.status, 0, down.stderr);
      assert.deepEqual(tracesOfCluster(cluster), []);
    });
  }
});

describe("an unknown stack", function () {
  this.timeout(120_000);
  let folder: string;
  let checkout: Checkout;
  let unchanged: string;

  const readStackFile = (): string => readFileSync(join(checkout.folder, "Pulumi.homelab.yaml"), "utf8");

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-stacks-"));
    const environment = { FUSE_TEST_STATE: join(folder, "state"), PULUMI_BACKEND_URL: "" };
    checkout = await copyCheckout(join(folder, "checkout"), { environment });
    for (const stack of ["local", "office", "homelab"])
      assert.equal((await checkout.run(`npx pulumi stack init --no-select ${stack}`)).status, 0);
    unchanged = readStackFile();
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [command, words] of [
    ["destroy", "homelb"],
    ["again", "homelb"],
    ["again", "--stack homelb"],
  ] as const) {
    it(`is no stack for ${command} ${words}, which lists those that exist, nearest first`, async () => {
      const { status, stdout, stderr } = await checkout.run(
        `node tools/bootstrap.cjs commands/${command}.ts ${words}`,
      );
      assert.equal(
        stderr,
        'there is no stack "homelb". Did you mean homelab? Expected one of: homelab, local, office. To make one: npm start -- --stack NAME\n',
      );
      assert.deepEqual([status, stdout], [2, ""]);
      assert.equal(readStackFile(), unchanged);
    });
  }

  it("is neither made nor selected by any of these commands", async () => {
    const { stdout } = await checkout.run("npx pulumi stack ls --json");
    const stacks = JSON.parse(stdout) as { name: string; current: boolean }[];
    assert.deepEqual(stacks.map(({ name, current }) => [name, current]).sort(), [
      ["homelab", false],
      ["local", false],
      ["office", false],
    ]);
  });
});
