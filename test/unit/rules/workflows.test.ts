import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as workflowParser from "@actions/workflow-parser";
import { build } from "esbuild";
import { parse } from "yaml";
import { z } from "zod";
import { inFolder } from "../setup/support";

const root = join(__dirname, "..", "..", "..");
const scripts = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8"))).scripts;

function read(file: string): unknown {
  return parse(textOf(file));
}

/** An action by the hash of a commit: the commit of a tag can change. */
const pinned = z.string().regex(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/);
const shared = {
  name: z.string().optional(),
  if: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
};
const step = z.union([
  z.strictObject({
    ...shared,
    uses: pinned,
    with: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
  }),
  // Nothing that another user chose is put into a shell's text.
  z.strictObject({ ...shared, run: z.string().refine((text) => !text.includes("${{")) }),
]);

const github = z.strictObject({
  name: z.string(),
  on: z.strictObject({ pull_request: z.null(), push: z.strictObject({ branches: z.array(z.string()) }) }),
  permissions: z.strictObject({ contents: z.literal("read"), "pull-requests": z.literal("write") }),
  concurrency: z.strictObject({ group: z.string(), "cancel-in-progress": z.boolean() }),
  jobs: z.record(
    z.string(),
    z.strictObject({ "runs-on": z.string(), "timeout-minutes": z.number(), steps: z.array(step) }),
  ),
});

const gitlab = z.strictObject({
  policy: z.strictObject({
    image: z.string().regex(/:[0-9]+[.][0-9]+[.][0-9]+/),
    stage: z.string(),
    timeout: z.string(),
    interruptible: z.boolean(),
    script: z.array(z.string()),
    artifacts: z.strictObject({
      when: z.literal("always"),
      paths: z.array(z.string()),
      reports: z.strictObject({ junit: z.literal("reports/policy.xml") }),
    }),
  }),
});

function textOf(file: string): string {
  return readFileSync(join(root, "policy", "ci", file), "utf8");
}

type WorkflowParser = typeof workflowParser;

/** Loads GitHub's parser. It is published for bundlers: Node.js refuses its imports of JSON. */
async function loadParser(folder: string): Promise<WorkflowParser> {
  const outfile = join(folder, "workflow-parser.cjs");
  await build({
    entryPoints: [join(root, "node_modules/@actions/workflow-parser/dist/index.js")],
    outfile,
    bundle: true,
    platform: "node",
    logLevel: "silent",
  });
  return createRequire(__filename)(outfile) as WorkflowParser;
}

/** Returns the errors that GitHub's own parser finds in a workflow, by its published schema. */
function problemsByGitHub(
  { NoOperationTraceWriter, parseWorkflow }: WorkflowParser,
  content: string,
): string[] {
  const { context } = parseWorkflow({ name: "policy.yml", content }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
}

function missing(commands: readonly string[]): string[] {
  const run = commands.flatMap((command) => /^npm run ([\w:-]+)$/.exec(command)?.[1] ?? []);
  assert.ok(run.includes("policy"));
  return run.filter((name) => scripts[name] === undefined);
}

describe("Workflows for users", () => {
  it("are right for GitHub, with every action pinned, and run scripts that exist", () => {
    const { jobs } = github.parse(read("github.yml"));
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    assert.deepEqual(missing(steps.flatMap((one) => ("run" in one ? [one.run] : []))), []);
  });

  it("are right by GitHub's own schema, which finds what is wrong", () =>
    inFolder(async (folder) => {
      const parser = await loadParser(folder);
      const workflow = textOf("github.yml");
      assert.deepEqual(problemsByGitHub(parser, workflow), []);
      const wrong = workflow.replace("timeout-minutes", "timeout").replace("cancelled()", "canceled()");
      assert.deepEqual(problemsByGitHub(parser, wrong), [
        "policy.yml (Line: 16, Col: 5): Unexpected value 'timeout'",
        "policy.yml (Line: 28, Col: 13): Unrecognized function: 'canceled'",
      ]);
    }));

  it("are right for GitLab, and run scripts that exist", () => {
    assert.deepEqual(missing(gitlab.parse(read("gitlab.yml")).policy.script), []);
  });
});
