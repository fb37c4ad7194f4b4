import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import type { RequestListener } from "node:http";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chooseKubernetes, getKubernetes } from "../../../tools/setup/kubernetes";
import { KUBERNETES_PROGRAMS } from "../../../tools/setup/modules";
import { KUBERNETES_VERSION, kubernetesBin } from "../../../tools/setup/paths";
import { goArchitecture } from "../../../tools/setup/platform";
import { presentKubernetes } from "../../../tools/setup/install-record";
import { writeGo, writeProgram, writeStuckGo } from "./programs";
import { closedAddress, inFolder, sha256, withEnvironment, withServer } from "./support";

const REPOSITORY = join(__dirname, "..", "..", "..");
const QUIET = (): void => undefined;
const PREFIX = `/v${KUBERNETES_VERSION}/bin/linux/${goArchitecture()}/`;

/** A release server laid out like the official one; `corrupt` names a program whose content is not the published. */
function release(corrupt?: string): RequestListener {
  return (request, answer) => {
    const path = request.url ?? "";
    const name = path.replace(PREFIX, "").replace(/\.sha256$/, "");
    if (!path.startsWith(PREFIX) || !(KUBERNETES_PROGRAMS as readonly string[]).includes(name)) {
      answer.writeHead(404).end();
    } else if (path.endsWith(".sha256")) answer.end(sha256(`program ${name}`));
    else answer.end(name === corrupt ? "something else" : `program ${name}`);
  };
}

/** A cache and a PATH of the test's own, with nothing installed on it but the shell's tools. */
async function inCache<T>(use: (folder: string) => Promise<T>, server?: string): Promise<T> {
  const url = server ?? (await closedAddress());
  return inFolder((folder) =>
    withEnvironment(
      {
        FUSE_TEST_CACHE: join(folder, "cache"),
        FUSE_TEST_KUBERNETES_URL: url,
        PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
        http_proxy: undefined,
        HTTP_PROXY: undefined,
      },
      () => use(folder),
    ),
  );
}

async function readWhenThere(file: string): Promise<string> {
  const deadline = Date.now() + 20_000;
  while (!existsSync(file)) {
    if (Date.now() > deadline) throw new Error(`${file} did not appear within 20 s`);
    await sleep(20);
  }
  return readFileSync(file, "utf8").trim();
}

describe("Kubernetes", function () {
  this.timeout(30_000);

  it("is downloaded from a release server that can be reached", () =>
    withServer(release(), (address) =>
      inCache(async (folder) => {
        const choice = await chooseKubernetes();
        assert.deepEqual(choice, {
          source: "downloaded",
          base: address,
          reason: "kube-apiserver is not installed",
        });
        const record = await getKubernetes(choice, QUIET);
        assert.equal(record.source, "downloaded");
        for (const name of KUBERNETES_PROGRAMS) {
          assert.equal(readFileSync(join(record.folder, name), "utf8"), `program ${name}`);
          assert.equal(statSync(join(record.folder, name)).mode & 0o777, 0o755);
        }
        assert.equal(presentKubernetes()?.folder, kubernetesBin());
        const copy = join(folder, "copy");
        cpSync(join(folder, "cache"), copy, { recursive: true });
        assert.equal(await withEnvironment({ FUSE_TEST_CACHE: copy }, presentKubernetes), undefined);
      }, address),
    ));

  it("is not put in place, not even in part, if one program has another checksum", () =>
    withServer(release("kubectl"), (address) =>
      inCache(async () => {
        const choice = await chooseKubernetes();
        await assert.rejects(
          getKubernetes(choice, QUIET),
          /kubectl: the SHA-256 of kubectl is .*, published is/,
        );
        assert.equal(presentKubernetes(), undefined);
        assert.deepEqual(readdirSync(dirname(kubernetesBin())), []);
      }, address),
    ));

  it("is built where no release server can be reached, and says why", () =>
    inCache(async (folder) => {
      writeGo(join(folder, "bin"));
      const choice = await chooseKubernetes();
      assert.equal(choice.source, "built");
      assert.match(
        choice.reason,
        /^kube-apiserver is not installed; the download failed: http:.*ECONNREFUSED$/,
      );
      const record = await getKubernetes(choice, QUIET);
      assert.deepEqual(readdirSync(record.folder).sort(), [...KUBERNETES_PROGRAMS].sort());
      assert.equal(presentKubernetes()?.source, "built");
    }));

  it("quotes the compiler where a build fails, and records nothing", () =>
    inCache(async (folder) => {
      writeProgram(join(folder, "bin", "go"), "echo 'go: no such module' >&2", "exit 3");
      await assert.rejects(getKubernetes({ source: "built", reason: "" }, QUIET), {
        message: "kubernetes: go build failed with status 3: go: no such module",
      });
      assert.equal(presentKubernetes(), undefined);
    }));

  it("is taken from PATH where all five programs have the pinned minor version", () =>
    inCache(async (folder) => {
      for (const name of KUBERNETES_PROGRAMS) {
        writeProgram(join(folder, "bin", name), "echo Kubernetes v1.34.9");
      }
      const record = await getKubernetes(await chooseKubernetes(), QUIET);
      assert.equal(record.source, "installed");
      assert.match(readFileSync(join(record.folder, "kubelet"), "utf8"), /v1\.34\.9/);
    }));

  it("is not taken from PATH where one program is of another minor version", () =>
    inCache(async (folder) => {
      for (const name of KUBERNETES_PROGRAMS) {
        writeProgram(join(folder, "bin", name), `echo Kubernetes v1.${name === "kubelet" ? 33 : 34}.0`);
      }
      const choice = await chooseKubernetes();
      assert.equal(choice.source, "built");
      assert.match(choice.reason, /kubelet is not of version 1\.34;/);
    }));

  it("is not there after a build that was killed, and is there after the next one", () =>
    inCache(async (folder) => {
      const marker = join(folder, "half-built");
      writeStuckGo(join(folder, "bin"), marker);
      const script = `require("./tools/setup/kubernetes").getKubernetes({ source: "built", reason: "" }, () => undefined)`;
      const setup = spawn(process.execPath, ["--require", "ts-node/register", "-e", script], {
        cwd: REPOSITORY,
        env: process.env,
        stdio: "ignore",
      });
      const go = Number(await readWhenThere(marker));
      const ended = new Promise((done) => setup.once("exit", done));
      setup.kill("SIGKILL");
      await ended;
      process.kill(go, "SIGKILL");
      assert.equal(presentKubernetes(), undefined);
      assert.equal(existsSync(kubernetesBin()), false);

      writeGo(join(folder, "bin"));
      await getKubernetes({ source: "built", reason: "" }, QUIET);
      assert.equal(readFileSync(join(kubernetesBin(), "kube-apiserver"), "utf8"), "built\n");
    }));
});
