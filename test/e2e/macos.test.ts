import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderedFiles } from "../../gitops/render";
import { type Checkout, type CommandEnd, copyCheckout } from "../support/checkout";
import { testCluster } from "../support/cluster";
import { assertNothingLeft } from "../support/leftovers";
import { type Mac, makeMac } from "../support/mac";
import { E2E_CLUSTER } from "../support/names";

/** Output that no command may print on a Mac. */
const TROUBLE =
  /\/proc|ENOENT|illegal option|command not found|version mismatch|^warning:|^ +at .*:\d+:\d+\)/im;

/** Asserts how a command ended, and that it printed nothing of what only Linux has. */
function assertEnd(end: CommandEnd, status: number): CommandEnd {
  const words = end.lines.join("\n");
  assert.equal(end.status, status, words);
  assert.doesNotMatch(words, TROUBLE);
  return end;
}

describe("a client on macOS, with a kubeconfig of a cluster that is elsewhere", function () {
  this.timeout(240_000);
  let folder: string;
  let kubeconfig: string;
  let mac: Mac;
  let checkout: Checkout;

  before(async () => {
    const cluster = await testCluster();
    ({ kubeconfig } = cluster);
    folder = mkdtempSync(join(tmpdir(), "fuse-test-mac-"));
    const target = join(folder, "checkout");
    mac = await makeMac(folder, target);
    const state = { FUSE_TEST_STATE: join(folder, "state"), PULUMI_BACKEND_URL: "" };
    checkout = await copyCheckout(target, { environment: { ...mac.environment, ...state } });
    const { image } = cluster;
    checkout.configure("homelab", { kubeconfig, image, guard: true, suite: "quick" });
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(() => {
    const refused = existsSync(mac.refused) ? readFileSync(mac.refused, "utf8") : "";
    assert.equal(refused, "", "a Mac's programs refuse this");
  });

  it("is informed in one line that the embedded cluster needs Linux, and what to do instead", async () => {
    const instead =
      "the embedded cluster needs Linux, this is darwin. Use a cluster of your own: npm start -- --stack homelab";
    for (const [line, name] of [
      ["npm start", "npm start"],
      ["npm run cluster -- up", "npm run cluster"],
      ["npm run cluster -- status", "npm run cluster"],
      ["npm run demo -- private-root", "npm run demo"],
    ] as const) {
      const { lines, status } = await checkout.run(line);
      assert.deepEqual([lines, status], [[`${name}: ${instead}`], 2], line);
    }
    const { lines, status } = await checkout.run("npm run setup");
    assert.equal(status, 2, lines.join("\n"));
    assert.deepEqual(lines, [
      "npm run setup: the embedded cluster needs Linux, this is darwin. For a cluster of your own: npm run setup -- engine",
    ]);
  });

  it("sets the engine up", async () => {
    const { lines } = assertEnd(await checkout.run("npm run setup -- engine"), 0);
    assert.match(lines.join("\n"), /^engine: Pulumi [\d.]+, .*\nplugin language: .*\nplugin kubernetes: /m);
  });

  it("runs the test with npx pulumi up, whose last line is the verdict", async () => {
    assertEnd(await checkout.run("npx pulumi stack select --create homelab"), 0);
    const { stdout } = assertEnd(await checkout.run("npx pulumi up --yes --policy-pack policy"), 0);
    assert.equal(stdout.trimEnd().split("\n").at(-1), "verdict: SUCCESS");
    const { lines } = assertEnd(await checkout.run("npx pulumi stack output verdict"), 0);
    assert.deepEqual(lines, ["SUCCESS"]);
  });

  it("judges what is there with npm run verdict, and names its report with npm run report", async () => {
    const verdict = await checkout.run(`npm run verdict -- --kubeconfig ${kubeconfig}`);
    assert.equal(assertEnd(verdict, 0).stdout.trimEnd().split("\n").at(-1), "verdict: SUCCESS");
    const { lines } = assertEnd(await checkout.run("npm run report"), 0);
    assert.match(lines[0] ?? "", /^SUCCESS: /);
    assert.match(lines[1] ?? "", new RegExp(`^${checkout.folder}/reports/[^/]+/report\\.html$`));
  });

  it("runs the test again with npm run again, and with npm start on its own stack", async () => {
    for (const line of ["npm run again", "npm start -- --stack homelab"]) {
      const { lines } = assertEnd(await checkout.run(line), 0);
      assert.match(lines[0] ?? "", /^run \S+ on stack homelab$/);
      assert.equal(lines.at(-1), "verdict: SUCCESS");
    }
  });

  it("is informed of a test that cannot be carried out, with the status of an ERROR", async () => {
    checkout.configure("homelab", { context: "nosuch" });
    const { lines } = assertEnd(await checkout.run("npm run again"), 2);
    checkout.configure("homelab", { context: undefined });
    assert.equal(lines.at(-1), "verdict: ERROR");
    assert.match(lines.join("\n"), /it has no context "nosuch": expected one of/);
    const { lines: mended } = assertEnd(await checkout.run("npm run again"), 0);
    assert.equal(mended.at(-1), "verdict: SUCCESS");
  });

  it("previews the policies with npm run policy, and renders the same files with npm run render", async () => {
    const { lines } = assertEnd(await checkout.run("npm run policy"), 0);
    assert.match(lines.at(-1) ?? "", /^\d+ previews, 0 with a problem; JUnit: /);
    assertEnd(await checkout.run("npm run render"), 0);
    for (const [path, text] of Object.entries(renderedFiles()))
      assert.equal(readFileSync(join(checkout.folder, "gitops", path), "utf8"), text, path);
  });

  it("leaves nothing after npm run destroy, and npm run clean finds nothing", async () => {
    const { lines } = assertEnd(await checkout.run("npm run destroy"), 0);
    await assertNothingLeft(E2E_CLUSTER, lines.join("\n"));
    const cleaned = assertEnd(await checkout.run("npm run clean -- homelab"), 0);
    assert.equal(cleaned.lines.at(-1), "clean");
    await assertNothingLeft(E2E_CLUSTER, cleaned.lines.join("\n"));
  });
});
