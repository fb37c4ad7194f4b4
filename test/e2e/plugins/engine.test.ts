import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Project, project, writeProgram } from "./project";

const UP = ["up", "--yes", "--skip-preview"];

function commandProgram({ trigger, word }: { trigger: string; word: string }): string {
  return `
    import { local } from "@pulumi/command";
    const command = new local.Command("c", {
      create: "echo created $WORD; echo warned >&2; cat",
      update: "echo updated $WORD after $PULUMI_COMMAND_STDOUT",
      delete: "echo $PULUMI_COMMAND_STDOUT > ../gone",
      stdin: "input",
      triggers: ["${trigger}"],
      environment: { WORD: "${word}" },
    });
    export const { stdout, stderr } = command;
  `;
}

const POLICY = `
  import { PolicyPack, validateResourceOfType } from "@pulumi/policy";
  import { local } from "@pulumi/command";
  new PolicyPack("tiny", { policies: [{
    name: "no-x", description: "no x", enforcementLevel: "mandatory",
    validateResource: validateResourceOfType(local.Command, (command, _, report) => {
      if (command.environment?.WORD === "x") report("WORD must not be x");
    }),
  }] });
`;

describe("the engine with this project's plugins", function () {
  this.timeout(120_000);
  let tiny: Project;

  before(async () => {
    tiny = await project();
    writeProgram(join(tiny.folder, "policy"), { file: "PulumiPolicy.yaml", yaml: "", program: POLICY });
  });

  after(() => {
    tiny.remove();
  });

  it("previews a command without running it", async () => {
    tiny.write(
      commandProgram({ trigger: "1", word: "a" }).replace("echo created", "touch ../ran; echo created"),
    );
    assert.match(await tiny.succeed("preview"), /\+ 2 to create/u);
    assert.equal(existsSync(join(tiny.folder, "ran")), false);
  });

  it("creates a command, then sees that nothing changes", async () => {
    tiny.write(commandProgram({ trigger: "1", word: "a" }));
    await tiny.succeed(...UP);
    assert.deepEqual(await tiny.outputs(), { stdout: "created a\ninput", stderr: "warned" });
    await tiny.succeed(...UP, "--expect-no-changes");
    assert.match(
      await tiny.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes"),
      /2 unchanged/u,
    );
  });

  it("updates a command whose environment changes", async () => {
    tiny.write(commandProgram({ trigger: "1", word: "b" }));
    assert.match(await tiny.succeed(...UP), /~ 1 updated/u);
    assert.deepEqual(await tiny.outputs(), { stdout: "updated b after created a input", stderr: "" });
    assert.equal(existsSync(join(tiny.folder, "gone")), false);
  });

  it("replaces a command whose trigger changes, and deletes the old one", async () => {
    tiny.write(commandProgram({ trigger: "2", word: "b" }));
    assert.match(await tiny.succeed(...UP), /\+-1 replaced/u);
    assert.equal((await tiny.outputs()).stdout, "created b\ninput");
    assert.equal(readFileSync(join(tiny.folder, "gone"), "utf8"), "updated b after created a input\n");
  });

  it("lets a policy pack pass what is allowed, and fail what is not", async () => {
    const pack = ["--policy-pack", join(tiny.folder, "policy")];
    await tiny.succeed("preview", ...pack);
    tiny.write(commandProgram({ trigger: "2", word: "x" }));
    const { code, printed } = await tiny.pulumi("preview", ...pack);
    assert.notEqual(code, 0);
    assert.match(printed, /\[mandatory\] +no-x +\(command:local:Command: c\)/u);
    assert.match(printed, /WORD must not be x/u);
  });

  it("reports a program's error once", async () => {
    tiny.write('throw new Error("broken on purpose");');
    const { code, printed } = await tiny.pulumi("preview");
    assert.notEqual(code, 0);
    assert.equal(printed.split("Error: broken on purpose").length - 1, 1);
    assert.doesNotMatch(printed, /non-zero exit code/u);
  });

  it("fails an update whose command fails, with its output", async () => {
    tiny.write(`
      import { local } from "@pulumi/command";
      new local.Command("bad", { create: "echo why >&2; exit 7" });
    `);
    const { code, printed } = await tiny.pulumi(...UP);
    assert.notEqual(code, 0);
    assert.match(printed, /error: exit status 7: running "echo why >&2; exit 7":\n +why/u);
  });

  it("refuses what only the official plugins do", async () => {
    tiny.write(`
      import { remote } from "@pulumi/command";
      new remote.Command("r", { connection: { host: "localhost" }, create: "true" });
    `);
    const { code, printed } = await tiny.pulumi("preview");
    assert.notEqual(code, 0);
    assert.match(printed, /command:remote:Command needs Pulumi's own command plugin/u);
  });

  it("tells what runs the program", async () => {
    assert.match(await tiny.succeed("about"), /written in nodejs: executable='[^']+' version='v/u);
  });

  it("destroys what it made", async () => {
    await tiny.succeed("destroy", "--yes", "--skip-preview");
    assert.equal(readFileSync(join(tiny.folder, "gone"), "utf8"), "created b input\n");
    assert.deepEqual(await tiny.outputs(), {});
  });
});
