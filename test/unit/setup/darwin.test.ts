import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ENGINE_VERSION } from "../../../tools/setup/paths";
import { parsePs, parseStat } from "../../../tools/pulumi/processes";
import { makeMac } from "../../support/mac";
import { inPlace, LAUNCHER } from "./launched";
import { makeArchive, release } from "./releases";
import { closedAddress, inFolder, sha256, withServer } from "./support";

const project = join(__dirname, "..", "..", "..");

/** Runs a program of this project as on a Mac, and asserts that it started nothing that a Mac would refuse. */
function onMac(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  return inFolder(async (folder) => {
    const { environment, refused } = await makeMac(folder);
    const child = spawn(process.execPath, args, {
      cwd: project,
      env: { ...env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
    const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    assert.equal(existsSync(refused), false, stderr);
    return { status, stdout, stderr };
  });
}

describe("On macOS", function () {
  this.timeout(120_000);

  it("npm start says in one line that the embedded cluster needs Linux, and what to do instead", async () => {
    assert.deepEqual(await onMac(["tools/bootstrap.cjs", "commands/start.ts"]), {
      status: 2,
      stdout: "",
      stderr:
        "npm start: the embedded cluster needs Linux, this is darwin. Use a cluster of your own: npm start -- --stack homelab\n",
    });
  });

  it("npx pulumi runs the engine", () =>
    inPlace(['echo "$1 $PULUMI_BACKEND_URL"'], async ({ env, folder }) => {
      const backend = `file://${folder}/state/pulumi?metadata=skip`;
      assert.deepEqual(await onMac([LAUNCHER, "up"], env), {
        status: 0,
        stdout: `up ${backend}\n`,
        stderr: "",
      });
    }));

  it("npm run setup -- engine downloads the engine and its plugins for macOS", () =>
    inFolder(async (folder) => {
      const archive = makeArchive(folder);
      await withServer(release(archive, sha256(archive), "darwin"), async (address) => {
        const cache = join(folder, "cache");
        const { status, stdout, stderr } = await onMac(
          ["tools/bootstrap.cjs", "tools/setup/main.ts", "engine"],
          {
            ...process.env,
            ...{ http_proxy: "", HTTP_PROXY: "" },
            FUSE_TEST_CACHE: cache,
            FUSE_TEST_ENGINE_URL: address,
          },
        );
        assert.deepEqual([status, stderr], [0, ""], stdout);
        const bin = join(cache, "pulumi", "versions", ENGINE_VERSION, "bin", "pulumi");
        assert.equal(
          stdout,
          [
            `engine: downloading ${address}/pulumi-v${ENGINE_VERSION}-darwin-${process.arch}.tar.gz`,
            "plugins: getting kubernetes 4.25.0",
            "plugins: getting command 1.2.1",
            `engine: Pulumi ${ENGINE_VERSION}, downloaded (none is installed): ${bin}`,
            ...["language", "kubernetes", "command"].map((name) => `plugin ${name}: Pulumi's release`),
            "",
          ].join("\n"),
        );
      });
    }));

  it("npm run setup -- engine says in one line what it needs if nothing can be downloaded", () =>
    inFolder(async (folder) => {
      const ended = await onMac(["tools/bootstrap.cjs", "tools/setup/main.ts", "engine"], {
        ...process.env,
        FUSE_TEST_CACHE: join(folder, "cache"),
        FUSE_TEST_ENGINE_URL: await closedAddress(),
      });
      assert.deepEqual([ended.status, ended.stdout], [1, ""]);
      assert.equal(
        ended.stderr,
        "setup cannot begin: the download of the engine failed, and on macOS it cannot be built. Install it: https://www.pulumi.com/docs/install/\n",
      );
      assert.equal(existsSync(join(folder, "cache", "engine.json")), false);
    }));

  it("npm run render and npm run report work", async () => {
    const rendered = await onMac(["tools/bootstrap.cjs", "gitops/main.ts"]);
    assert.deepEqual([rendered.status, rendered.stderr], [0, ""]);
    assert.match(rendered.stdout, /^gitops\/guard\/guard\.yaml$/m);
    const shown = await onMac(["tools/bootstrap.cjs", "commands/report.ts", "docs/example"]);
    assert.equal(shown.status, 0, shown.stderr);
  });

  it("npm run verdict says what it needs", async () => {
    const { status, stderr, stdout } = await onMac(["tools/bootstrap.cjs", "commands/verdict.ts", "--help"]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /--timeout <seconds>/);
  });
});

describe("Facts about a process", () => {
  it("are the same from ps, which macOS has, and from /proc", () => {
    assert.deepEqual(
      parsePs("  1  501   501 S+   Wed Nov 25 18:00:00 2026     /Applications/My App/pulumi\n"),
      {
        name: "pulumi",
        parent: 1,
        foreground: true,
        zombie: false,
        began: "Wed Nov 25 18:00:00 2026",
      },
    );
    assert.equal(parsePs("1  501   502 Z    Wed Nov 25 18:00:00 2026 (node)\n")?.zombie, true);
    assert.equal(parsePs("1  501   502 S    Wed Nov 25 18:00:00 2026 node\n")?.foreground, false);
    assert.equal(parsePs(""), undefined);
  });

  it("are found behind a name with spaces and parentheses", () => {
    const own = readFileSync("/proc/self/stat", "utf8");
    for (const name of ["pulumi", "a ) Z b", "x (y", ""]) {
      const renamed = own.replace(/\(.*\)/, `(${name})`);
      assert.deepEqual(parseStat(renamed), { ...parseStat(own), name });
    }
  });

  it("are none in a line of /proc that is cut short", () => {
    for (const line of ["", "42", "42 (pulumi)", "42 (pulumi) S 41"])
      assert.equal(parseStat(line), undefined);
  });
});
