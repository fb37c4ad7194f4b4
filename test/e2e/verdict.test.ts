import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { ClusterDescriptor } from "../../tools/cluster/descriptor";
import { programs } from "../../config/programs";
import { parseVerdict } from "../../protocol/verdict";
import { parseMountinfo } from "../../verdict/mountinfo";
import { play, type Scenario } from "../support/bench";
import { testCluster } from "../support/cluster";
import { edited } from "../support/edits";

const project = join(__dirname, "..", "..");

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Writes the programs that a scenario's version ships instead of this one's. */
function writePrograms(folder: string, change: NonNullable<Scenario["programs"]>): void {
  const shipped = programs();
  mkdirSync(folder);
  for (const [file, text] of Object.entries(change(shipped)))
    if (text !== shipped[file]) writeFileSync(join(folder, file), text);
}

async function verdictCommand(
  args: readonly string[],
  { stopAt, input = "", pods }: { stopAt?: RegExp | undefined; input?: string; pods?: string } = {},
): Promise<Said> {
  const version = pods === undefined ? [] : ["--require", "./test/support/other-version.cjs"];
  const child = spawn("node", [...version, "tools/load.cjs", "commands/verdict.ts", ...args], {
    cwd: project,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...(pods === undefined ? {} : { FUSE_TEST_PODS: pods }) },
  });
  child.stdin.end(input);
  let progress = "";
  child.stderr.on("data", (data: Buffer) => {
    progress += data.toString();
    if (stopAt?.test(progress) === true) child.kill("SIGTERM");
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  const [stdout, code] = await Promise.all([text(child.stdout), ended]);
  return { code, stdout, stderr: progress };
}

describe("the verdict command by itself", function () {
  this.timeout(120_000);
  let cluster: ClusterDescriptor;
  let reports: string;

  before(async () => {
    cluster = await testCluster();
    reports = mkdtempSync(join(tmpdir(), "fuse-test-verdict-"));
  });

  after(() => {
    rmSync(reports, { recursive: true });
  });

  /** Judges, by the command, a test that this test started. */
  async function judged(scenario: Scenario, args: readonly string[] = [], stopAt?: RegExp): Promise<Said> {
    const said: Said[] = [];
    await play(cluster, {
      ...scenario,
      meanwhile: async ({ settings }) => {
        const base = [
          "--kubeconfig",
          cluster.kubeconfig,
          "--namespace",
          settings.namespace,
          "--reports",
          reports,
        ];
        const pods = join(reports, `pods-of-${scenario.name}`);
        if (scenario.programs === undefined) said.push(await verdictCommand([...base, ...args], { stopAt }));
        else {
          writePrograms(pods, scenario.programs);
          said.push(await verdictCommand([...base, ...args], { stopAt, pods }));
        }
      },
    });
    const [only] = said;
    assert.ok(only);
    return only;
  }

  it("says SUCCESS of a test that another user started, as JSON of the contract, with status 0", async () => {
    const { code, stdout, stderr } = await judged({ name: "alone" }, ["--json"]);
    const verdict = parseVerdict(stdout);
    assert.deepEqual([code, verdict.verdict, verdict.cause], [0, "SUCCESS", ""], stderr);
    assert.deepEqual(
      [verdict.run.id, verdict.run.node, verdict.run.namespace, verdict.run.driver, verdict.run.image],
      ["alone", "w2", "fuse-test-alone", "rclone", cluster.image],
    );
    assert.equal(verdict.report, join(reports, "alone"));
    assert.equal(existsSync(join(verdict.report, "evidence")), false);
  });

  it("says ERROR foreign-pods of pods whose programs another version ships", async () => {
    const scenario: Scenario = {
      name: "alone-other",
      asShipped: true,
      programs: (files) => ({ ...files, "consumer.sh": `${files["consumer.sh"] ?? ""}\n` }),
    };
    const said: Said[] = [];
    await play(cluster, {
      ...scenario,
      meanwhile: async ({ settings: { namespace } }) => {
        const args = ["--kubeconfig", cluster.kubeconfig, "--namespace", namespace, "--reports", reports];
        said.push(await verdictCommand([...args, "--json"]));
      },
    });
    const [only] = said;
    assert.ok(only);
    const { verdict, cause, summary } = parseVerdict(only.stdout);
    assert.deepEqual([only.code, verdict, cause], [2, "ERROR", "foreign-pods"]);
    assert.match(summary, /ConfigMap fuse-test-programs, consumer.sh: expected SHA-256/);
  });

  it("says FAILURE with status 1 for a person, and keeps the evidence", async () => {
    const { code, stdout } = await judged({
      name: "alone-cut-off",
      programs: (files) =>
        edited(
          files,
          "producer.sh",
          "\nemit mounting\n",
          '\nmount --make-rprivate "$BRIDGE"\nemit mounting\n',
        ),
    });
    assert.equal(code, 1, stdout);
    assert.match(stdout, /verdict: FAILURE \(not-propagated\)\n$/);
    const evidence = join(reports, "alone-cut-off", "evidence");
    assert.deepEqual(readdirSync(evidence).sort(), [
      "README.txt",
      "events.json",
      "log-of-consumer.txt",
      "log-of-control.txt",
      "log-of-producer.txt",
      "messages.json",
      "mountinfo-of-consumer.txt",
      "mountinfo-of-control.txt",
      "mountinfo-of-node.txt",
      "mountinfo-of-producer.txt",
      "mountinfo-of-runtime.txt",
      "namespace.json",
      "node.json",
      "pods.json",
      "propagation.txt",
      "versions.json",
    ]);
    const mountinfo = readFileSync(join(evidence, "mountinfo-of-producer.txt"), "utf8");
    assert.match(mountinfo, / \/mnt\/dfs\/mount .* - fuse\.rclone /);
    const consumer = readFileSync(join(evidence, "mountinfo-of-consumer.txt"), "utf8");
    assert.match(consumer, / \/mnt\/dfs ro\S* master:\d+ /);
    assert.doesNotMatch(consumer, /fuse\.rclone/);
    const [ofNode, ofRuntime] = ["node", "runtime"].map((whose) =>
      parseMountinfo(readFileSync(join(evidence, `mountinfo-of-${whose}.txt`), "utf8")),
    );
    const group = / \/mnt\/dfs ro\S* master:(\d+) /.exec(consumer)?.[1];
    for (const mounts of [ofNode, ofRuntime]) {
      const peers = mounts
        ?.filter(({ shared }) => shared === Number(group))
        .map(({ mountPoint }) => mountPoint);
      assert.deepEqual(
        peers?.map((at) => "/tmp/fuse-test-alone-cut-off".startsWith(at)),
        [true],
        JSON.stringify([group, peers]),
      );
    }
    const propagation = readFileSync(join(evidence, "propagation.txt"), "utf8");
    assert.match(
      propagation,
      /^The producer's bridge is private: mounts made in the producer stay there\.$/m,
    );
    assert.match(
      propagation,
      new RegExp(`^The consumer receives from peer group ${group ?? "none"}, to which`, "m"),
    );
  });

  it("says ERROR interrupted, with status 2, when it is asked to stop", async () => {
    const scenario: Scenario = {
      name: "alone-stopped",
      settings: { timeoutSeconds: 12 },
      programs: (files) => edited(files, "consumer.sh", "\nreport_start\n", "\nsleep 1000\nreport_start\n"),
    };
    const { code, stdout } = await judged(scenario, ["--json"], /waiting for the consumer to start/);
    const verdict = parseVerdict(stdout);
    assert.deepEqual([code, verdict.verdict, verdict.cause], [2, "ERROR", "interrupted"]);
  });

  it("says ERROR interrupted of a test whose pods were made and are gone, and does not wait for them", async () => {
    const request = {
      mode: "judge",
      start: new Date().toISOString(),
      kubeconfig: cluster.kubeconfig,
      namespace: "default",
      node: "w2",
      run: "gone",
      driver: "rclone",
      image: cluster.image,
      hostPath: "/tmp/fuse-test-gone",
      timeoutSeconds: 100,
      reports,
      cleaning: {
        kubeconfig: cluster.kubeconfig,
        keepNamespace: false,
        namespace: "default",
        node: "w2",
        hostPath: "/tmp/fuse-test-gone",
        image: cluster.image,
        imagePullPolicy: "Never",
        tolerations: [],
        resources: {
          requests: { cpu: "50m", memory: "64Mi" },
          limits: { cpu: "200m", memory: "128Mi" },
        },
      },
      ended: [],
    };
    const began = Date.now();
    const { stdout } = await verdictCommand(["--request", "-"], { input: JSON.stringify(request) });
    const { verdict, cause, summary } = parseVerdict(stdout);
    assert.deepEqual([verdict, cause], ["ERROR", "interrupted"]);
    assert.match(summary, /\(producer: it was deleted before anything was seen of it\)/);
    assert.ok(Date.now() - began < request.timeoutSeconds * 500, "it waited");
  });

  it("says ERROR of pods that print binary, lines of 10 MB, no JSON, or nothing", async () => {
    const noise = [
      'head -c 300000 /dev/urandom; echo; head -c 10000000 /dev/zero | tr "\\0" x; echo',
      'echo "{\\"run\\":\\"$RUN\\",\\"role\\":\\"$ROLE\\",\\"event\\":\\"examined\\","',
      "echo SUCCESS: Producer marker found",
      "exit 0",
    ].join("\n");
    const { code, stdout } = await judged(
      {
        name: "alone-noise",
        settings: { timeoutSeconds: 20 },
        programs: (files) => edited(files, "consumer.sh", "\nreport_start\n", `\n${noise}\n`),
      },
      ["--json", "--timeout", "15"],
    );
    assert.deepEqual([code, parseVerdict(stdout).verdict], [2, "ERROR"]);
  });

  it("says ERROR cluster-unreachable of a cluster that is not there", async () => {
    const kubeconfig = join(reports, "nowhere.yaml");
    const config = readFileSync(cluster.kubeconfig, "utf8").replace(/:6443/g, ":6444");
    writeFileSync(kubeconfig, config, { mode: 0o600 });
    const { code, stdout } = await verdictCommand([
      "--kubeconfig",
      kubeconfig,
      "--json",
      "--reports",
      reports,
    ]);
    const verdict = parseVerdict(stdout);
    assert.deepEqual([code, verdict.verdict, verdict.cause], [2, "ERROR", "cluster-unreachable"]);
  });

  it("tells in one line what is wrong with its arguments, and prints no verdict", async () => {
    const cases: [string[], RegExp][] = [
      [["--kubeconfig", "/nowhere"], /^verdict: .*\/nowhere.*\n$/],
      [
        ["--kubeconfig", cluster.kubeconfig, "--context", "none"],
        /^verdict: the kubeconfig \S+ cannot be used: it has no context "none": expected one of/,
      ],
      [
        ["--kubeconfig", cluster.kubeconfig, "--namespace", "empty", "--timeout", "1"],
        /no pod of the test in namespace empty/,
      ],
      [["--verbose"], /^npm run verdict: unknown option '--verbose'\. See: npm run verdict -- --help\n$/],
    ];
    await Promise.all(
      cases.map(async ([args, words]) => {
        const { code, stdout, stderr } = await verdictCommand(args);
        assert.deepEqual([code, stdout], [2, ""]);
        assert.match(stderr.replace(/^waiting for .*\n/gm, ""), words);
      }),
    );
  });
});
