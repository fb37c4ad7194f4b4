import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { chooseEngine, getEngine } from "../../../tools/setup/engine";
import { ENGINE_VERSION, engineRecord, pulumiHome } from "../../../tools/setup/paths";
import { pluginsPresent, presentEngine } from "../../../tools/setup/install-record";
import { writeGo, writeProgram } from "./programs";
import { makeArchive, release } from "./releases";
import { closedAddress, inFolder, sha256, withEnvironment, withServer } from "./support";

const QUIET = (): void => undefined;

function inCache<T>(folder: string, url: string, use: () => Promise<T>): Promise<T> {
  mkdirSync(join(folder, "bin"));
  const changes = {
    FUSE_TEST_CACHE: join(folder, "cache"),
    FUSE_TEST_ENGINE_URL: url,
    PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
    http_proxy: undefined,
    HTTP_PROXY: undefined,
  };
  return withEnvironment(changes, use);
}

describe("The engine", function () {
  this.timeout(30_000);

  it("is downloaded into the place where Pulumi's own launcher looks, with the provider plugins", () =>
    inFolder(async (folder) => {
      const archive = makeArchive(folder);
      await withServer(release(archive, sha256(archive)), (address) =>
        inCache(folder, `${address}/`, async () => {
          const engine = await getEngine(await chooseEngine(), QUIET);
          const bin = join(pulumiHome(), "versions", ENGINE_VERSION, "bin");
          assert.deepEqual(engine, {
            bin: join(bin, "pulumi"),
            version: ENGINE_VERSION,
            source: "downloaded",
            reason: "none is installed",
            plugins: { language: "release", kubernetes: "release", command: "release" },
            path: [bin],
          });
          assert.equal(existsSync(join(bin, "pulumi-language-nodejs")), true);
          assert.equal(
            readFileSync(join(folder, "asked"), "utf8"),
            `${pulumiHome()} plugin install resource kubernetes 4.25.0 --non-interactive\n` +
              `${pulumiHome()} plugin install resource command 1.2.1 --non-interactive\n`,
          );
          const present = presentEngine();
          assert.ok(present !== undefined && pluginsPresent(present));
        }),
      );
    }));

  it("builds the Kubernetes provider and bundles the command plugin, not a language host, if no plugin can be downloaded", () =>
    inFolder(async (folder) => {
      const archive = makeArchive(folder, 1);
      await withServer(release(archive, sha256(archive)), (address) =>
        inCache(folder, address, async () => {
          writeGo(join(folder, "bin"), ["pulumi-resource-kubernetes"]);
          const said: string[] = [];
          const engine = await getEngine(await chooseEngine(), (line) => said.push(line));
          assert.deepEqual(engine.plugins, { language: "release", kubernetes: "module", command: "thin" });
          assert.deepEqual(engine.path, [join(pulumiHome(), "versions", ENGINE_VERSION, "bin")]);
          const plugins = join(pulumiHome(), "plugins");
          assert.deepEqual(readdirSync(plugins).sort(), [
            "resource-command-v1.2.1",
            "resource-kubernetes-v4.25.0",
          ]);
          const command = join(plugins, "resource-command-v1.2.1");
          assert.deepEqual(readdirSync(command), ["pulumi-resource-command"]);
          assert.equal(
            readFileSync(join(plugins, "resource-kubernetes-v4.25.0", "pulumi-resource-kubernetes"), "utf8"),
            "built\n",
          );
          assert.match(
            said.join("\n"),
            /^plugins: kubernetes cannot be downloaded: .* failed with status 1/m,
          );
          assert.match(said.join("\n"), /^plugins: command cannot be downloaded: /m);
          assert.equal(said.at(-1), "plugins: bundling this project's own");
          const present = presentEngine() ?? assert.fail("no engine is recorded");
          assert.equal(pluginsPresent(present), true);
          rmSync(join(command, "pulumi-resource-command"));
          assert.equal(pluginsPresent(present), false);
        }),
      );
    }));

  it("is not put in place if its checksum is not the published one", () =>
    inFolder(async (folder) => {
      const archive = makeArchive(folder);
      await withServer(release(archive, sha256("other")), (address) =>
        inCache(folder, address, async () => {
          await assert.rejects(
            getEngine(await chooseEngine(), QUIET),
            /the SHA-256 of .* is .*, published is/,
          );
          assert.equal(existsSync(join(pulumiHome(), "versions", ENGINE_VERSION)), false);
          assert.equal(existsSync(engineRecord()), false);
        }),
      );
    }));

  it("is built where no release server answers, after all of them were tried", () =>
    inFolder(async (folder) => {
      const closed = await closedAddress();
      await inCache(folder, `${closed}/first ${closed}/second`, async () => {
        const list = `pulumi-${ENGINE_VERSION}-checksums.txt: ECONNREFUSED`;
        assert.deepEqual(await chooseEngine(), {
          source: "built",
          reason:
            `none is installed; the download failed: ${closed}/first/${list}; ` +
            `the download failed: ${closed}/second/${list}`,
        });
      });
    }));

  it("is the installed one if that is recent enough and has its language host", () =>
    inFolder(async (folder) => {
      await inCache(folder, await closedAddress(), async () => {
        const bin = writeProgram(join(folder, "bin", "pulumi"), "echo v3.247.0");
        writeProgram(join(folder, "bin", "pulumi-language-nodejs"), "exit 0");
        assert.deepEqual(await chooseEngine(), { source: "installed", found: { bin, version: "3.247.0" } });
      });
    }));

  const unusable = [
    { what: "it is too old", version: "v3.246.9", host: true, reason: /is 3\.246\.9, older than 3\.247\.0;/ },
    { what: "it does not tell its version", version: "?", host: true, reason: /older than 3\.247\.0;/ },
    {
      what: "it has no language host",
      version: "v3.300.0",
      host: false,
      reason: /without pulumi-language-nodejs;/,
    },
  ];
  for (const { what, version, host, reason } of unusable) {
    it(`is not the installed one if ${what}`, () =>
      inFolder(async (folder) => {
        await inCache(folder, await closedAddress(), async () => {
          writeProgram(join(folder, "bin", "pulumi"), `echo '${version}'`);
          if (host) writeProgram(join(folder, "bin", "pulumi-language-nodejs"), "exit 0");
          const choice = await chooseEngine();
          assert.equal(choice.source, "built");
          assert.match(choice.reason, reason);
        });
      }));
  }

  it("is not this project's own launcher, which npm puts on PATH", () =>
    inFolder(async (folder) => {
      await inCache(folder, await closedAddress(), async () => {
        const path = `${join(__dirname, "..", "..", "..", "node_modules", ".bin")}:/usr/bin:/bin`;
        const choice = await withEnvironment({ PATH: path }, chooseEngine);
        assert.equal(choice.source, "built");
        assert.match(choice.reason, /^none is installed;/);
      });
    }));

  it("is set up again when what it was made from has changed", () =>
    inFolder(async (folder) => {
      const archive = makeArchive(folder);
      await withServer(release(archive, sha256(archive)), (address) =>
        inCache(folder, address, async () => {
          await getEngine(await chooseEngine(), QUIET);
          const record = JSON.parse(readFileSync(engineRecord(), "utf8")) as object;
          const { writeWhole } = await import("../../../tools/setup/files.js");
          writeWhole(engineRecord(), JSON.stringify({ ...record, inputs: "3.0.0" }));
          assert.equal(presentEngine(), undefined);
          writeWhole(engineRecord(), JSON.stringify(record).slice(0, 40));
          assert.equal(presentEngine(), undefined);
        }),
      );
    }));
});
