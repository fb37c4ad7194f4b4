import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ENGINE_VERSION } from "../../../tools/setup/paths";
import { call, servePlugin, type ServedPlugin } from "../../support/plugins/served";

/** Stands for the SDK's script that runs a program: says how it was called, and does what the program's file says. */
const SCRIPT = `
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS, PULUMI_NODEJS_TYPESCRIPT, INHERITED } = process.env;
const environment = { PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS, PULUMI_NODEJS_TYPESCRIPT, INHERITED };
const folder = join(__dirname, "..", "..", "..", "..", "..");
writeFileSync(join(folder, "called.json"),
  JSON.stringify({ words: process.argv.slice(2), cwd: process.cwd(), execArgv: process.execArgv, environment }));
eval(readFileSync(join(folder, "program"), "utf8"));
`;

/*
 * What the engine asks a language host (proto/pulumi/language.proto of github.com/pulumi/pulumi), and what the official
 * one for Node.js answers (sdk/nodejs/cmd/pulumi-language-nodejs there).
 */
describe("the language host, asked as the engine asks", function () {
  this.timeout(60_000);
  let folder: string;
  let plugin: ServedPlugin;
  let client: LanguageRuntimeClient;

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "fuse-test-language-")));
    const sdk = join(folder, "node_modules", "@pulumi", "pulumi");
    for (const name of ["run", "run-plugin", "run-policy-pack"]) {
      mkdirSync(join(sdk, "cmd", name), { recursive: true });
      writeFileSync(join(sdk, "cmd", name, "index.js"), SCRIPT);
    }
    const dependencies = { "@pulumi/pulumi": "3.0.0", "@pulumi/x": "1.2.3" };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "program", dependencies }));
    writeFileSync(join(sdk, "package.json"), JSON.stringify({ name: "@pulumi/pulumi", version: "3.0.0" }));
    const provider = { name: "@pulumi/x", version: "1.2.3", pulumi: { resource: true } };
    for (const [path, manifest] of [
      ["@pulumi/x", provider],
      ["deep", { name: "deep", version: "0.1.0" }],
    ] as const) {
      mkdirSync(join(folder, "node_modules", path), { recursive: true });
      writeFileSync(join(folder, "node_modules", path, "package.json"), JSON.stringify(manifest));
    }
    plugin = await servePlugin("language", folder);
    client = new LanguageRuntimeClient(plugin.address, grpc.credentials.createInsecure());
  });

  after(async () => {
    client.close();
    await plugin.stop();
    rmSync(folder, { recursive: true });
  });

  function info(options = {}): messages.ProgramInfo {
    const program = new messages.ProgramInfo();
    program.setRootDirectory(folder);
    program.setProgramDirectory(folder);
    program.setEntryPoint("index.ts");
    program.setOptions(Struct.fromJavaScript(options));
    return program;
  }

  function runRequest(program: string, options = {}): messages.RunRequest {
    writeFileSync(join(folder, "program"), program);
    const request = new messages.RunRequest();
    request.setProject("tiny");
    request.setStack("dev");
    request.setOrganization("organization");
    request.setPwd(folder);
    request.setMonitorAddress("127.0.0.1:9");
    request.setParallel(4);
    request.setDryrun(true);
    request.setArgsList(["an", "argument"]);
    request.getConfigMap().set("tiny:key", "value");
    request.setConfigsecretkeysList(["tiny:secret"]);
    request.setInfo(info(options));
    return request;
  }

  async function run(request: messages.RunRequest): Promise<readonly [string, boolean]> {
    const response = await call<messages.RunRequest, messages.RunResponse>(client.run.bind(client), request);
    return [response.getError(), response.getBail()];
  }

  function called(): Readonly<Record<string, unknown>> {
    return JSON.parse(readFileSync(join(folder, "called.json"), "utf8")) as Readonly<Record<string, unknown>>;
  }

  it("runs a program by the SDK's script, in its folder, with the configuration in the environment", async () => {
    const options = { typescript: false, nodeargs: "--no-warnings" };
    assert.deepEqual(await run(runRequest("", options)), ["", false]);
    const { words, cwd, execArgv, environment } = called();
    const list = words as string[];
    const flag = (name: string): string | undefined => list[list.indexOf(`--${name}`) + 1];
    assert.deepEqual(
      ["project", "stack", "organization", "pwd", "monitor", "parallel", "root-directory"].map(flag),
      ["tiny", "dev", "organization", folder, "127.0.0.1:9", "4", folder],
    );
    assert.match(flag("engine") ?? "", /^127\.0\.0\.1:\d+$/u);
    assert.deepEqual(list.slice(list.indexOf("--dry-run")), ["--dry-run", "index.ts", "an", "argument"]);
    assert.deepEqual([cwd, execArgv], [folder, ["--no-warnings"]]);
    assert.deepEqual(environment, {
      PULUMI_CONFIG: '{"tiny:key":"value"}',
      PULUMI_CONFIG_SECRET_KEYS: '["tiny:secret"]',
      PULUMI_NODEJS_TYPESCRIPT: "false",
      INHERITED: "from the engine",
    });
  });

  it("says how a program ended, and nothing of a failure that was shown", async () => {
    assert.deepEqual(await run(runRequest("process.exit(32)")), ["", true]);
    assert.deepEqual(await run(runRequest("process.exit(3)")), [
      "Program exited with non-zero exit code: 3",
      false,
    ]);
    const [error, bail] = await run(runRequest('process.kill(process.pid, "SIGKILL")'));
    assert.deepEqual([error, bail], ["Program was killed by the signal SIGKILL", false]);
  });

  it("refuses in words what it cannot do", async () => {
    const debugged = runRequest("");
    debugged.setAttachDebugger(true);
    await assert.rejects(run(debugged), /attaching a debugger needs Pulumi's own language host/u);
    await assert.rejects(run(runRequest("", { typescript: 1 })), /typescript in Pulumi.yaml: expected true/u);
    const elsewhere = runRequest("");
    const program = info();
    program.setProgramDirectory("/nowhere");
    elsewhere.setInfo(program);
    await assert.rejects(run(elsewhere), /@pulumi\/pulumi is not installed .* Install it: npm ci$/u);
  });

  it("ends a program whose call is cancelled", async () => {
    const up = join(folder, "up");
    const program = `require("node:fs").writeFileSync(${JSON.stringify(up)}, String(process.pid)); setInterval(() => 0, 1000);`;
    const request = runRequest(program);
    const ended = new Promise<grpc.ServiceError | null>((resolve) => {
      const sent = client.run(request, (error) => {
        resolve(error);
      });
      const timer = setInterval(() => {
        if (!existsSync(up) || readFileSync(up, "utf8") === "") return;
        clearInterval(timer);
        sent.cancel();
      }, 10);
    });
    assert.equal((await ended)?.code, grpc.status.CANCELLED);
    const pid = Number(readFileSync(up, "utf8"));
    const lives = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    while (lives()) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it("streams what a plugin prints, and its exit status", async () => {
    writeFileSync(join(folder, "program"), 'console.log("out"); console.error("err"); process.exitCode = 5;');
    for (const [kind, words] of [
      ["analyzer", ["argument", folder]],
      ["resource", [folder, "argument"]],
    ] as const) {
      const request = new messages.RunPluginRequest();
      request.setInfo(info());
      request.setPwd(folder);
      request.setKind(kind);
      request.setArgsList(["argument"]);
      request.setEnvList(["PULUMI_CONFIG=a=b"]);
      const found = { stdout: "", stderr: "", code: -1 };
      for await (const part of client.runPlugin(request) as AsyncIterable<messages.RunPluginResponse>) {
        if (part.hasStdout()) found.stdout += Buffer.from(part.getStdout_asU8()).toString("utf8");
        if (part.hasStderr()) found.stderr += Buffer.from(part.getStderr_asU8()).toString("utf8");
        if (part.hasExitcode()) found.code = part.getExitcode();
      }
      assert.deepEqual(found, { stdout: "out\n", stderr: "err\n", code: 5 });
      assert.deepEqual(called().words, words);
      assert.equal((called().environment as Record<string, string>).PULUMI_CONFIG, "a=b");
    }
  });

  it("lists the plugins and the packages that a program has", async () => {
    const required = new messages.GetRequiredPackagesRequest();
    required.setInfo(info());
    const found = await call<messages.GetRequiredPackagesRequest, messages.GetRequiredPackagesResponse>(
      client.getRequiredPackages.bind(client),
      required,
    );
    assert.deepEqual(
      found.getPackagesList().map((one) => [one.getKind(), one.getName(), one.getVersion()]),
      [["resource", "x", "v1.2.3"]],
    );
    const names = async (transitive: boolean): Promise<string[]> => {
      const request = new messages.GetProgramDependenciesRequest();
      request.setInfo(info());
      request.setTransitivedependencies(transitive);
      const response = await call<
        messages.GetProgramDependenciesRequest,
        messages.GetProgramDependenciesResponse
      >(client.getProgramDependencies.bind(client), request);
      return response
        .getDependenciesList()
        .map((one) => `${one.getName()}@${one.getVersion()}`)
        .sort();
    };
    assert.deepEqual(await names(false), ["@pulumi/pulumi@3.0.0", "@pulumi/x@1.2.3"]);
    assert.deepEqual(await names(true), ["@pulumi/pulumi@3.0.0", "@pulumi/x@1.2.3", "deep@0.1.0"]);
    const version = await call<Empty, PluginInfo>(client.getPluginInfo.bind(client), new Empty());
    assert.equal(version.getVersion(), ENGINE_VERSION);
  });
});
