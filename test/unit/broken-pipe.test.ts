import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs a command whose standard output is not read, or is read. */
async function run(args: readonly string[], read: boolean): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, FUSE_TEST_CLUSTER: "nowhere", PULUMI_HOME: "/nowhere" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (read) child.stdout.resume();
  else child.stdout.destroy();
  const [stderr] = await Promise.all([text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, stderr };
}

describe("a command whose reader has gone, as that of `| head`", function () {
  this.timeout(60_000);

  for (const args of [
    ["tools/bootstrap.cjs", "tools/cluster/main.ts", "status"],
    ["tools/bootstrap.cjs", "commands/report.ts", "--help"],
    ["tools/bootstrap.cjs", "commands/verdict.ts", "--help"],
    ["tools/load.cjs", "commands/verdict.ts", "--help"],
  ])
    it(`ends as it would otherwise: ${args.join(" ")}`, async () => {
      const expected = await run(args, true);
      assert.deepEqual(await run(args, false), expected);
      assert.doesNotMatch(expected.stderr, /EPIPE/u);
    });

  it("is every command of package.json and every one that the engine starts", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Readonly<Record<string, string>>;
    };
    const ours = Object.values(scripts).filter((script) => /\.ts\b/u.test(script));
    assert.ok(ours.length > 8);
    for (const script of ours) assert.match(script, /^node tools\/bootstrap\.cjs \S+\.ts$/u);
    // What tools/bootstrap.cjs, the engine and `npx pulumi` start is loaded by this file.
    assert.match(
      readFileSync(join(root, "tools/load.cjs"), "utf8"),
      /^require\("\.\/broken-pipe\.cjs"\);$/mu,
    );
  });
});
