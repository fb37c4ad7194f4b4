import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printedFrom } from "../support/fresh-process";

const command = "verdict/main.cjs";

/** What a program prints that begins as the command does that the engine starts with plain Node. */
function printed(program: string, environment?: Readonly<Record<string, string>>): string {
  const beginning = readFileSync(join(__dirname, "..", "..", command), "utf8").replace(
    'require("./main.ts");',
    "",
  );
  return printedFrom(command, `${beginning}${program}`, environment);
}

describe("a command that plain Node starts", function () {
  this.timeout(30_000);

  it("draws the charts of a report, which are loaded late", () => {
    const program = `
      const report = JSON.parse(require("node:fs").readFileSync("docs/example/report.json", "utf8"));
      console.log(require("../report/html.ts").renderHtml(report).includes("<svg"));`;
    assert.equal(printed(program), "true\n");
  });

  it("looks at a node of the embedded cluster by what is loaded late, and finds none that is not up", () => {
    const state = mkdtempSync(join(tmpdir(), "fuse-test-commands-"));
    try {
      const cluster = join(state, "clusters", "unit");
      const kubeconfig = join(cluster, "kubeconfig");
      const server = "https://198.18.0.2:6443";
      mkdirSync(cluster, { recursive: true });
      writeFileSync(kubeconfig, JSON.stringify({ clusters: [{ cluster: { server } }] }));
      writeFileSync(join(cluster, "cluster.json"), JSON.stringify({ name: "unit", kubeconfig, image: "x" }));
      const program = `
        const { embeddedClusterAt } = require("../cluster/descriptor.ts");
        const { readOnEmbedded } = require("./evidence/embedded.ts");
        const client = { config: { getCurrentCluster: () => ({ server: ${JSON.stringify(server)} }) } };
        readOnEmbedded(client, "w2", "node").then((text) => {
          console.log(embeddedClusterAt(${JSON.stringify(server)}), text);
        });`;
      assert.equal(printed(program, { FUSE_TEST_STATE: state }), "unit undefined\n");
    } finally {
      rmSync(state, { recursive: true });
    }
  });
});
