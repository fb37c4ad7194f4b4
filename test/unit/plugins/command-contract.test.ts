import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { asSecret, type Properties, UNKNOWN } from "../../../tools/plugins/rpc/values";
import { call, servePlugin, type ServedPlugin } from "../../support/plugins/served";

const URN = "urn:pulumi:dev::tiny::command:local:Command::c";

/*
 * What the engine asks a resource provider (proto/pulumi/provider.proto of github.com/pulumi/pulumi), and what the
 * official command plugin answers (provider/pkg/provider/local of github.com/pulumi/pulumi-command).
 */
describe("the command plugin, asked as the engine asks", function () {
  this.timeout(60_000);
  let folder: string;
  let plugin: ServedPlugin;
  let client: ResourceProviderClient;

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "fuse-test-command-")));
    plugin = await servePlugin("command", folder);
    client = new ResourceProviderClient(plugin.address, grpc.credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
    });
  });

  after(async () => {
    client.close();
    await plugin.stop();
    rmSync(folder, { recursive: true });
  });

  const struct = (properties: Properties): Struct => Struct.fromJavaScript(properties);
  const plain = (found: Struct | undefined): Properties => found?.toJavaScript() ?? {};

  async function check(news: Properties): Promise<string[]> {
    const request = new messages.CheckRequest();
    request.setUrn(URN);
    request.setNews(struct(news));
    const response = await call<messages.CheckRequest, messages.CheckResponse>(
      client.check.bind(client),
      request,
    );
    return response.getFailuresList().map((failure) => `${failure.getProperty()} ${failure.getReason()}`);
  }

  async function create(news: Properties, preview = false): Promise<Properties & { readonly id: string }> {
    const request = new messages.CreateRequest();
    request.setUrn(URN);
    request.setProperties(struct(news));
    request.setPreview(preview);
    const response = await call<messages.CreateRequest, messages.CreateResponse>(
      client.create.bind(client),
      request,
    );
    return { ...plain(response.getProperties()), id: response.getId() };
  }

  async function update(olds: Properties, news: Properties, preview = false): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setUrn(URN);
    request.setId("c1");
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    request.setPreview(preview);
    const response = await call<messages.UpdateRequest, messages.UpdateResponse>(
      client.update.bind(client),
      request,
    );
    return plain(response.getProperties());
  }

  function remove(olds: Properties): Promise<Empty> {
    const request = new messages.DeleteRequest();
    request.setUrn(URN);
    request.setId("c1");
    request.setProperties(struct(olds));
    return call<messages.DeleteRequest, Empty>(client.delete.bind(client), request);
  }

  async function diff(olds: Properties, news: Properties): Promise<readonly [number, string[]]> {
    const request = new messages.DiffRequest();
    request.setUrn(URN);
    request.setId("c1");
    request.setOlds(struct(olds));
    request.setOldInputs(struct(olds));
    request.setNews(struct(news));
    const response = await call<messages.DiffRequest, messages.DiffResponse>(
      client.diff.bind(client),
      request,
    );
    return [response.getChanges(), response.getReplacesList()];
  }

  it("creates: an id from the name, and what was printed without the last line's end", async () => {
    const { id, stdout, stderr, create: line } = await create({ create: "echo a; echo b; echo; echo c >&2" });
    assert.match(id, /^c[0-9a-f]{8}$/u);
    assert.deepEqual([stdout, stderr, line], ["a\nb\n", "c", "echo a; echo b; echo; echo c >&2"]);
  });

  it("runs nothing in a preview, and does not know then what it will print", async () => {
    const news = { create: "touch ran", update: "touch ran" };
    for (const found of [await create(news, true), await update({ stdout: "x" }, news, true)])
      assert.deepEqual([found.stdout, found.stderr], [UNKNOWN, UNKNOWN]);
    assert.equal((await create({ create: "ls ran 2>/dev/null; true" })).stdout, "");
  });

  it("accepts what is not known yet, and takes an unknown trigger for another one", async () => {
    assert.deepEqual(await check({ create: UNKNOWN, environment: { A: UNKNOWN }, triggers: [UNKNOWN] }), []);
    const [changed, replaces] = await diff(
      { create: "a", triggers: ["1"] },
      { create: "a", triggers: [UNKNOWN] },
    );
    assert.deepEqual([changed, replaces], [messages.DiffResponse.DiffChanges.DIFF_SOME, ["triggers"]]);
  });

  it("keeps secrets: what was made with one is one, and what was made without is none", async () => {
    const secret = { create: "cat", stdin: asSecret("hush"), logging: "none" };
    const made = await create(secret);
    assert.deepEqual([made.stdout, made.stderr], [asSecret("hush"), asSecret("")]);
    assert.deepEqual(made.stdin, asSecret("hush"));
    const nested = await create({ create: "echo $A", environment: { A: asSecret("x") }, logging: "none" });
    assert.deepEqual(nested.stdout, asSecret("x"));
    const updated = await update({ stdout: asSecret("old") }, { create: "echo new" });
    assert.equal(updated.stdout, "new");
  });

  it("gives the environment: the engine's, the command's over it, and the last output over both", async () => {
    const line = 'echo "$INHERITED|$A|${PULUMI_COMMAND_STDOUT-unset}|${PULUMI_COMMAND_STDERR-unset}"';
    const environment = { A: "x y", PULUMI_COMMAND_STDOUT: "mine" };
    assert.equal((await create({ create: line, environment })).stdout, "from the engine|x y|mine|unset");
    const olds = { stdout: "out", stderr: "" };
    const first = await update(olds, { create: "false", update: line, environment });
    assert.equal(first.stdout, "from the engine|x y|out|unset");
    const without = await update(olds, { create: line, environment, addPreviousOutputInEnv: false });
    assert.equal(without.stdout, "from the engine|x y|mine|unset");
  });

  it("updates by create if there is no update, and keeps the outputs if there is neither", async () => {
    assert.equal((await update({ stdout: "old" }, { create: "echo again" })).stdout, "again");
    const kept = await update({ stdout: "old", stderr: "e" }, { delete: "true" });
    assert.deepEqual([kept.stdout, kept.stderr], ["old", "e"]);
    const none = await create({ delete: "true" });
    assert.deepEqual([none.stdout, none.stderr], ["", ""]);
  });

  it("works in the engine's folder or in the command's, by the shell or by the command's interpreter", async () => {
    assert.equal((await create({ create: "pwd" })).stdout, folder);
    assert.equal((await create({ create: "pwd", dir: "/" })).stdout, "/");
    assert.equal((await create({ create: "echo $0", interpreter: [] })).stdout, "/bin/sh");
    const node = { create: "console.log(1 + 1)", interpreter: [process.execPath, "-e"] };
    assert.equal((await create(node)).stdout, "2");
    assert.deepEqual(await check({ interpreter: [] }), []);
    await assert.rejects(create({ create: "pwd", dir: join(folder, "missing") }), /cannot start|chdir/u);
  });

  it("passes standard input and output of any size, also to a command that does not read", async () => {
    // More than gRPC takes in one message unless configured otherwise, and than a pipe holds.
    const large = "0123456789abcdef".repeat(320 * 1024);
    const { stdout } = await create({ create: "cat", stdin: large, logging: "none" });
    assert.equal(stdout, large);
    const some = large.slice(0, 256 * 1024);
    assert.equal((await create({ create: "true", stdin: some, logging: "none" })).stdout, "");
    const both = await create({ create: "cat >&2; wc -c </dev/null", stdin: some, logging: "none" });
    assert.deepEqual([both.stderr, both.stdout], [some, "0"]);
    assert.equal((await create({ create: "cat; echo end" })).stdout, "end");
  });

  it("logs each line of the streams that it is configured to, to the resource", async () => {
    const logged = async (logging?: string): Promise<string[]> => {
      plugin.logged.length = 0;
      await create({
        create: "echo out; sleep 0.05; echo err >&2",
        ...(logging === undefined ? {} : { logging }),
      });
      assert.ok(plugin.logged.every(({ urn }) => urn === URN));
      return plugin.logged.map(({ message }) => message);
    };
    assert.deepEqual(await logged(), ["out", "err"]);
    assert.deepEqual(await logged("stdoutAndStderr"), ["out", "err"]);
    assert.deepEqual(await logged("stdout"), ["out"]);
    assert.deepEqual(await logged("stderr"), ["err"]);
    assert.deepEqual(await logged("none"), []);
    assert.match(
      (await check({ logging: "loud" })).join(),
      /^logging has a wrong type; expected one of stdout/u,
    );
  });

  it("fails with the status, the command and both streams, so that the engine keeps the resource", async () => {
    const line = "echo out; sleep 0.05; echo err >&2; exit 7";
    const details = `exit status 7: running ${JSON.stringify(line)}:\nout\nerr\n`;
    await assert.rejects(create({ create: line, logging: "none" }), { code: grpc.status.UNKNOWN, details });
    await assert.rejects(update({}, { create: line, logging: "none" }), { details });
    await assert.rejects(remove({ create: "true", delete: line, logging: "none" }), { details });
  });

  it("deletes with what the state keeps: input, environment and the last output", async () => {
    const olds = {
      create: "true",
      delete: 'echo "$A $PULUMI_COMMAND_STDOUT $(cat)" > deleted',
      stdin: "in",
      environment: { A: "a" },
      stdout: "out",
      stderr: "",
    };
    await remove(olds);
    assert.equal(readFileSync(join(folder, "deleted"), "utf8"), "a out in\n");
    await remove({ create: "exit 1", stdout: "", stderr: "" });
  });

  it("replaces for triggers alone, and sees none if there is none", async () => {
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    const olds = { create: "a", triggers: ["1", { deep: [1] }] };
    assert.deepEqual(await diff(olds, { create: "a", triggers: ["1", { deep: [1] }] }), [DIFF_NONE, []]);
    assert.deepEqual(await diff(olds, { create: "a", triggers: ["1", { deep: [2] }] }), [
      DIFF_SOME,
      ["triggers"],
    ]);
    assert.deepEqual(await diff(olds, { ...olds, stdin: "x" }), [DIFF_SOME, []]);
  });

  it("refuses in words what the official plugin alone does", async () => {
    assert.match((await check({ assetPaths: ["*"] })).join(), /^assetPaths .*Pulumi's own command plugin$/u);
    assert.match(
      (await check({ archivePaths: ["*"] })).join(),
      /^archivePaths .*Pulumi's own command plugin$/u,
    );
    const request = new messages.CheckRequest();
    request.setUrn("urn:pulumi:dev::tiny::command:remote:Command::r");
    request.setNews(struct({}));
    await assert.rejects(
      call<messages.CheckRequest, messages.CheckResponse>(client.check.bind(client), request),
      /command:remote:Command needs Pulumi's own command plugin/u,
    );
  });

  // The last one: a plugin that was cancelled takes no more work.
  it("ends what runs when it is cancelled, with all that it has started", async () => {
    const running = create({ create: "trap 'echo ended > ended; exit' TERM; echo up; sleep 60 & wait" });
    const failed = assert.rejects(running, /cancelled: running /u);
    while (!plugin.logged.some(({ message }) => message === "up"))
      await new Promise((resolve) => setTimeout(resolve, 10));
    await call<Empty, Empty>(client.cancel.bind(client), new Empty());
    await failed;
    assert.equal(readFileSync(join(folder, "ended"), "utf8"), "ended\n");
  });
});
