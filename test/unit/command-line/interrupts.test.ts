import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { stringify } from "yaml";
import { traces } from "../../support/command-lines";
import { until } from "../../support/waiting";
import { listFolder } from "../../../tools/setup/files";
import { inPlace } from "../setup/launched";
import { writeProgram } from "../setup/programs";
import { closedAddress, inFolder, withServer } from "../setup/support";

const project = join(__dirname, "..", "..", "..");

/** One moment in the life of a command, as the program sees it that it has started. */
interface Moment {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  /** The command of the engine, or of Go, that runs until it is interrupted. */
  readonly waitsIn: "stack ls" | "stack init" | "preview" | "destroy" | "build";
  /** The last line that the command prints after the signal. */
  readonly says: string;
  /** Number of interrupts that the engine receives for one signal; 0 if it is left alone or killed. */
  readonly interrupts: number;
}

const moments: readonly Moment[] = [
  {
    title: "again, while it looks for the stack",
    program: "commands/again.ts",
    args: [],
    waitsIn: "stack ls",
    says: "npm run again: interrupted (%). This run has no verdict. Run it again: npm run again; or remove it: npm run destroy",
    interrupts: 0,
  },
  {
    title: "destroy, while it looks for the stack",
    program: "commands/destroy.ts",
    args: ["local"],
    waitsIn: "stack ls",
    says: "npm run destroy: interrupted (%). Something may be left. Run it again: npm run destroy",
    interrupts: 0,
  },
  {
    title: "destroy, while the engine destroys",
    program: "commands/destroy.ts",
    args: ["local"],
    waitsIn: "destroy",
    says: "npm run destroy: interrupted (%). Something may be left. Run it again: npm run destroy",
    interrupts: 1,
  },
  {
    title: "policy, while it makes its stacks",
    program: "policy/run.ts",
    args: [],
    waitsIn: "stack init",
    says: "npm run policy: interrupted (%)",
    interrupts: 0,
  },
  {
    title: "policy, while it previews",
    program: "policy/run.ts",
    args: [],
    waitsIn: "preview",
    says: "npm run policy: interrupted (%)",
    interrupts: 0,
  },
  {
    title: "setup, while it builds",
    program: "tools/setup/main.ts",
    args: ["engine"],
    waitsIn: "build",
    says: "npm run setup: interrupted (%). Continue: npm run setup",
    interrupts: 1,
  },
];

/** A kubeconfig for an API server without authentication. */
function kubeconfigOf(server: string): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "here", cluster: { server } }],
    users: [{ name: "nobody", user: {} }],
    contexts: [{ name: "here", context: { cluster: "here", user: "nobody" } }],
    "current-context": "here",
  };
}

/** Returns a program that records when it waits and each interrupt; it exits after 20 s in any case. */
function engineThatWaits(waitsIn: Moment["waitsIn"]): string[] {
  return [
    `case "$1 $2" in "${waitsIn}"*)`,
    `  trap 'echo asked >>"$NOTES/asked"; exit 1' INT TERM`,
    '  : >"$NOTES/waits"',
    "  for _ in $(seq 400); do sleep 0.05; done ;;",
    "esac",
    `case "$1 $2" in "stack ls") echo '[{"name":"local","current":true}]' ;; "env "*) echo go1.26.8; echo local ;; esac`,
  ];
}

/** Interrupts a command at its moment, in the way of a terminal or of a supervisor, and returns how it ended. */
function interrupted(moment: Moment, signal: "SIGINT" | "SIGTERM", whole: boolean) {
  return inPlace(engineThatWaits(moment.waitsIn), async ({ env, folder }) => {
    const [state, temporary] = [join(folder, "state"), join(folder, "tmp")];
    mkdirSync(temporary);
    const before = traces(join(state, "nothing"));
    const cache = join(folder, "empty-cache");
    const setup = {
      FUSE_TEST_CACHE: cache,
      FUSE_TEST_ENGINE_URL: await closedAddress(),
      PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
    };
    writeProgram(join(folder, "bin", "go"), ...engineThatWaits(moment.waitsIn));
    const child = spawn(
      process.execPath,
      [join(project, "tools/bootstrap.cjs"), moment.program, ...moment.args],
      {
        env: {
          ...env,
          ...(moment.waitsIn === "build" ? setup : {}),
          NOTES: folder,
          TMPDIR: temporary,
          PULUMI_BACKEND_URL: `file://${folder}`,
        },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      },
    );
    const words = Promise.all([text(child.stdout), text(child.stderr)]);
    const status = new Promise<number | null>((resolve) => child.on("exit", resolve));
    await until("the engine waits", 30, () => Promise.resolve(existsSync(join(folder, "waits"))));
    process.kill(whole ? -(child.pid ?? 0) : (child.pid ?? 0), signal);
    const ended = { status: await status, before, after: traces(join(state, "nothing")) };
    const received = existsSync(join(folder, "asked")) ? readFileSync(join(folder, "asked"), "utf8") : "";
    const unfinished = listFolder(cache).filter((name) => name.startsWith(".unfinished-"));
    const versions = listFolder(join(cache, "pulumi", "versions"));
    const left = [...readdirSync(temporary), ...unfinished, ...versions];
    if (received === "") {
      try {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      } catch {
        // Nothing runs any more.
      }
    }
    const [, stderr] = await words;
    return { ...ended, stderr, received: received.split("\n").length - 1, left };
  });
}

describe("a command that is interrupted", function () {
  this.timeout(60_000);

  for (const moment of moments) {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      it(`by ${signal}: ${moment.title}: says so in one line, and leaves nothing of its own`, async () => {
        const { status, stderr, before, after, received, left } = await interrupted(moment, signal, false);
        assert.equal(stderr, `${moment.says.replace("%", signal)}\n`);
        assert.equal(status, 128 + constants.signals[signal]);
        assert.deepEqual(after, before);
        assert.equal(received, moment.interrupts);
        assert.deepEqual(left, []);
      });
    }
  }

  it("by SIGINT: verdict, while there is no test: is an ERROR that was interrupted, at once", async () => {
    const pods = JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: {}, items: [] });
    await withServer(
      (_, answer) => answer.setHeader("content-type", "application/json").end(pods),
      (address) =>
        inFolder(async (folder) => {
          const kubeconfig = join(folder, "kubeconfig");
          writeFileSync(kubeconfig, stringify(kubeconfigOf(address)));
          const child = spawn(
            process.execPath,
            [
              join(project, "tools/bootstrap.cjs"),
              "commands/verdict.ts",
              "--json",
              "--kubeconfig",
              kubeconfig,
            ],
            { stdio: ["ignore", "pipe", "pipe"] },
          );
          const status = new Promise<number | null>((resolve) => child.on("exit", resolve));
          const output = text(child.stdout);
          let said = "";
          for await (const chunk of child.stderr.setEncoding("utf8")) {
            if (!said.includes("waiting for") && String(chunk).includes("waiting for")) child.kill("SIGINT");
            said += String(chunk);
          }
          const { verdict, cause } = JSON.parse(await output) as { verdict: string; cause: string };
          assert.deepEqual([verdict, cause, await status], ["ERROR", "interrupted", 2], said);
          assert.equal(
            said.trimEnd().split("\n").at(-1),
            "verdict: interrupted before there was a pod of the test in namespace fuse-test. Run it again",
          );
        }),
    );
  });

  it("by Ctrl-C at the terminal asks the engine once, so that it does not abandon what it does", async () => {
    const destroying = moments.find(({ waitsIn }) => waitsIn === "destroy") ?? assert.fail();
    const { status, received, stderr } = await interrupted(destroying, "SIGINT", true);
    assert.deepEqual([status, received], [130, 1], stderr);
  });
});
