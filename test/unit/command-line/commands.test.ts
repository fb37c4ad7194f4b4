import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CommandOptions,
  emptyState,
  projectCommands,
  runProgram,
  traces,
} from "../../support/command-lines";
import { inFolder } from "../setup/support";

const commands = projectCommands();

/** Programs of this project that a person may start, beside those of package.json. */
const others = new Map([
  ["repeat", "test/repeat.ts"],
  ["sequences", "test/sequences.ts"],
]);

/** One wrong command line, and the one line that is said of it. */
interface Wrong {
  readonly command: string;
  readonly args: readonly string[];
  readonly says: RegExp;
}

function wrong(command: string, args: string, says: RegExp): Wrong {
  return { command, args: args === "" ? [] : args.split(" "), says };
}

/** Every command with an unknown option, the nearest of which is `--help`. */
const unknownOptions = [...commands.keys()].map((name) =>
  wrong(
    name,
    name === "cluster" ? "up --hlp" : name === "demo" ? "private-root --hlp" : "--hlp",
    /unknown option '--hlp' \(Did you mean --help\?\)/,
  ),
);

/** What a script passes on when a variable of its own is empty. */
const emptyWords: readonly Wrong[] = [
  { command: "start", args: [""], says: /unexpected word ''/ },
  { command: "start", args: ["--suite", ""], says: /argument '' is invalid\. Expected one of: / },
  { command: "again", args: ["--stack", ""], says: /argument '' is invalid\. Expected letters/ },
  { command: "destroy", args: [""], says: /value '' is invalid for argument 'stack'/ },
  { command: "clean", args: [""], says: /value '' is invalid for argument 'stack'/ },
  { command: "cluster", args: [""], says: /unknown command ''/ },
  { command: "setup", args: [""], says: /value '' is invalid for argument 'part'/ },
  { command: "verdict", args: ["--timeout", ""], says: /Expected whole seconds from 1 to 86400/ },
  { command: "report", args: [""], says: /cannot be read: expected the report of a run/ },
  { command: "render", args: [""], says: /value '' is invalid for argument 'who'/ },
  { command: "bench", args: ["--rounds", ""], says: /Expected a whole number from 1 on/ },
  { command: "demo", args: [""], says: /value '' is invalid for argument 'cause'/ },
  { command: "test", args: [""], says: /'' is invalid/ },
];

const wrongLines: readonly Wrong[] = [
  ...unknownOptions,
  wrong("start", "--suite qick", /Did you mean quick\? Expected one of: quick, full, standard/),
  wrong("start", "--suite", /option '--suite <name>' argument missing/),
  wrong("start", "--driver rclne", /Did you mean rclone\?/),
  wrong(
    "start",
    "--stack locl",
    /there is no file Pulumi\.locl\.yaml.*Did you mean local\? Expected one of: local, homelab/,
  ),
  wrong("start", "--stack ../evil", /no file|is invalid/),
  wrong("start", "suite", /unexpected word 'suite': no word is expected \(Did you mean --suite\?\)/),
  wrong("again", "--siute quick", /unknown option '--siute' \(Did you mean --suite\?\)/),
  wrong("again", "local other", /unexpected word 'other': at most 1 word is expected/),
  wrong("again", "one --stack two", /two stacks are named, one and two/),
  wrong("destroy", "a;b", /argument 'stack'\. Expected letters/),
  wrong("clean", "nosuch", /there is no file Pulumi\.nosuch\.yaml, so no stack "nosuch"\. Expected one of: /),
  wrong("clean", "homlab", /Did you mean homelab\?/),
  wrong("cluster", "", /a word is missing\. Expected one of: up, down, status, kubeconfig/),
  wrong("cluster", "stats", /unknown command 'stats' \(Did you mean status\?\)/),
  wrong("cluster", "up --root w2=privat", /Did you mean w2=private\?/),
  wrong("cluster", "up --network 10.0.0.1", /expected a \/24 such as 198\.18\.7\.0\/24/),
  wrong("cluster", "down now", /unexpected word 'now'/),
  wrong("setup", "engne", /Did you mean engine\?/),
  wrong("verdict", "--timeout soon", /Expected whole seconds from 1 to 86400/),
  wrong("verdict", "--jsn", /Did you mean --json\?/),
  wrong("verdict", "word", /unexpected word 'word'/),
  wrong("policy", "word", /unexpected word 'word'/),
  wrong("render", "word", /command-argument value .word. is invalid for argument .who./),
  wrong("render", "flux", /no folder is named: expected one after flux/),
  wrong("render", "plain a b", /unexpected word .b./),
  wrong("report", "nope", /nope\/report\.json cannot be read: expected the report of a run\./),
  wrong("report", "a b c", /unexpected word 'c': at most 2 words are expected/),
  wrong("report", "--render a b", /--render takes one run/),
  wrong("bench", "--rounds none", /Expected a whole number from 1 on/),
  wrong("test", "lnt", /Did you mean lint\?/),
  wrong("demo", "", /missing required argument 'cause'\. Expected one of: private-root, /),
  wrong("demo", "hung", /Did you mean hung-daemon\?/),
  wrong("repeat", "--times 0", /Expected a whole number from 1 on/),
  wrong("sequences", "--sed 1", /Did you mean --seed\?/),
  wrong("start", "--driver rclone --driver nosuch", /argument 'nosuch' is invalid\. Expected one of: /),
  wrong("destroy", "-- --yes --no", /unexpected word '--no'|argument 'stack'/),
  ...emptyWords,
];

function programOf(command: string): string {
  const program = commands.get(command) ?? others.get(command);
  assert.ok(program, command);
  return program;
}

/** Runs a command in an empty environment, and asserts that it has made nothing. */
async function withoutTraces(command: string, args: readonly string[], options: CommandOptions = {}) {
  return inFolder(async (folder) => {
    const environment = emptyState(folder);
    const state = environment.FUSE_TEST_STATE ?? "";
    const before = traces(state);
    const ended = await runProgram(programOf(command), args, {
      ...options,
      environment: { ...environment, ...options.environment },
    });
    assert.deepEqual(traces(state), before, "it has made or changed something");
    return ended;
  });
}

describe("every command", function () {
  this.timeout(60_000);

  it("is one of those that are tested here", () => {
    const named = new Set(wrongLines.map(({ command }) => command));
    for (const command of commands.keys()) assert.ok(named.has(command), command);
  });

  for (const command of [...commands.keys(), ...others.keys()]) {
    it(`${command} shows its help with an example, and does nothing`, async () => {
      const [long, short] = [await withoutTraces(command, ["--help"]), await withoutTraces(command, ["-h"])];
      assert.deepEqual([long.status, long.stderr], [0, ""]);
      assert.match(long.stdout, /^Usage: (?:npm|node) .*\n[^]*Exit status: [^]*\nExamples:\n {2}\S/);
      assert.deepEqual(short, long);
    });
  }

  for (const { command, args, says } of wrongLines) {
    it(`${command} ${args.join(" ")}: says in one line what is wrong, and does nothing`, async () => {
      const { status, stdout, stderr } = await withoutTraces(command, args);
      assert.match(stderr, says);
      assert.deepEqual([status, stdout], [2, ""], stderr);
      assert.match(stderr, /^[^\n]+\n$/, "more than one line");
      assert.doesNotMatch(stderr, /^ +at |node:internal|Error:/m);
    });
  }

  it("refuses an option that npm took for its own", async () => {
    const { status, stderr } = await withoutTraces("start", ["quick"], {
      environment: { npm_config_suite: "true" },
    });
    assert.equal(
      stderr,
      `npm start: npm took the option '--suite' for its own: write options after "--", as in: -- --suite <name>. See: npm start -- --help\n`,
    );
    assert.equal(status, 2);
  });

  it("says the same from another folder, without colours, and in a narrow terminal", async () => {
    const usual = await withoutTraces("start", ["--suite", "qick"]);
    for (const options of [
      { cwd: "/" },
      { environment: { NO_COLOR: "1" } },
      { environment: { COLUMNS: "20" } },
    ])
      assert.deepEqual(await withoutTraces("start", ["--suite", "qick"], options), usual);
    assert.equal(usual.stderr.includes("\u001b"), false);
  });

  it("ends in silence when its output is not read", async () => {
    for (const [command, args] of [
      ["start", ["--help"]],
      ["cluster", ["status"]],
      ["verdict", ["--json", "--kubeconfig", "/nowhere"]],
    ] as const) {
      const { stderr } = await withoutTraces(command, args, { closedPipe: true });
      assert.doesNotMatch(stderr, /EPIPE|node:/, command);
    }
  });
});

describe("the verdict command with nothing to judge", function () {
  this.timeout(60_000);

  it("prints JSON that is a verdict, and its one line beside it", async () => {
    const { verdictSchema } = await import("../../../protocol/verdict.js");
    const { status, stdout, stderr } = await withoutTraces("verdict", [
      "--json",
      "--kubeconfig",
      "/nowhere/kubeconfig",
    ]);
    const verdict = verdictSchema.parse(JSON.parse(stdout));
    assert.deepEqual(
      [status, verdict.verdict, verdict.cause, verdict.report],
      [2, "ERROR", "cluster-unreachable", ""],
    );
    assert.match(verdict.summary, /\/nowhere\/kubeconfig/);
    assert.match(stderr, /^verdict: [^\n]+\n/);
  });
});

describe("the table of commands in the README", () => {
  it("names every command", () => {
    const readme = readFileSync(join(__dirname, "..", "..", "..", "README.md"), "utf8");
    for (const command of commands.keys()) {
      const line = command === "start" || command === "test" ? `npm ${command}` : `npm run ${command}`;
      assert.ok(readme.includes(`\`${line}`), line);
    }
  });
});
