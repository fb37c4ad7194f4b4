import assert from "node:assert/strict";
import fc from "fast-check";
import { cleaningRequest } from "../../../toolchain/launcher/unfinished";
import { inPlace, killed, launch, WHEN } from "./launched";

describe("The launcher, after a destroy that came to no good end", function () {
  this.timeout(20_000);
  const ENGINE = [
    'case "$1 $2" in',
    '  *" wait") echo waiting; exec sleep 30 ;;',
    '  *" fail") exit 255 ;;',
    "esac",
    'echo "$*"',
  ];
  const FIRST = "this update looks first what is still there \\(--refresh\\)";

  it("lets an update refresh, until one has come to a good end", () =>
    inPlace(ENGINE, async ({ env }) => {
      assert.equal(launch(env, "destroy", "fail").status, 255);
      const { stdout, stderr } = launch(env, "up", "--yes");
      assert.equal(stdout, "up --yes --refresh\n");
      assert.match(
        stderr,
        new RegExp(`^pulumi: the last destroy, of ${WHEN}, ended with status 255: ${FIRST}\n$`),
      );
      assert.deepEqual(launch(env, "up"), { stdout: "up\n", stderr: "", status: 0 });
      await killed(env, "destroy", "wait");
      assert.equal(launch(env, "up", "fail").stdout, "");
      const { stdout: again, stderr: words } = launch(env, "update");
      assert.equal(again, "update --refresh\n");
      assert.match(words, new RegExp(`^pulumi: the last destroy, of ${WHEN}, was killed: ${FIRST}\n$`));
    }));

  it("adds nothing where a destroy has come to a good end since, or another stack, or another command is meant", () =>
    inPlace(ENGINE, ({ env }) => {
      launch(env, "destroy", "fail", "--stack", "local");
      assert.equal(launch(env, "up", "--stack", "homelab").stdout, "up --stack homelab\n");
      for (const verb of ["preview", "refresh"]) assert.equal(launch(env, verb).stdout, `${verb}\n`);
      for (const option of ["--refresh", "--refresh=false", "-r", "--help"]) {
        assert.equal(launch(env, "up", "fail", option).stderr, "", option);
      }
      launch(env, "destroy", "--stack", "local");
      assert.deepEqual(launch(env, "up"), { stdout: "up\n", stderr: "", status: 0 });
    }));

  it("counts a destroy of a part, and one that was told to stop, as none, whatever its status, and a question as nothing", () => {
    const stops = [
      'trap "exit 0" TERM',
      '[ "$1 $2" != "destroy stop" ] || { kill -TERM $PPID; while :; do sleep 0.05; done; }',
      ...ENGINE,
    ];
    return inPlace(stops, ({ env }) => {
      for (const option of ["--target=urn", "-t", "--exclude"]) {
        assert.equal(launch(env, "destroy", option).status, 0);
        assert.match(launch(env, "up").stderr, /^pulumi: the last destroy, of \S+, was of a part: /);
      }
      const { status, stderr } = launch(env, "destroy", "stop");
      assert.deepEqual([status, stderr.split("\n").length], [1, 2]);
      assert.match(
        stderr,
        /^pulumi: the destroy was interrupted \(SIGTERM\), and may have left something\. Run it/,
      );
      for (const option of ["--help", "-h", "--preview-only"]) launch(env, "destroy", option);
      assert.match(
        launch(env, "up").stderr,
        /^pulumi: the last destroy, of \S+, was interrupted \(SIGTERM\): /,
      );
      assert.equal(launch(env, "up").stderr, "");
    });
  });

  it("waits for the namespace's end first, as the state's own command would", () => {
    const request = { mode: "namespace", kubeconfig: "/does/not/exist", namespace: "fuse-test" };
    const removal = {
      type: "command:local:Command",
      urn: "urn:pulumi:local::fuse-test::command:local:Command::fuse-test-namespace-removal",
      inputs: { stdin: JSON.stringify(request) },
    };
    const deployment = JSON.stringify({ deployment: { resources: [{ type: "other", urn: "u" }, removal] } });
    const engine = [`[ "$1 $2" != "stack export" ] || { echo '${deployment}'; exit; }`, ...ENGINE];
    return inPlace(engine, ({ env }) => {
      launch(env, "destroy", "fail");
      const { stdout, stderr } = launch(env, "up");
      // The command was given that request, which lacks what it needs: the program is to say what is wrong.
      assert.equal(stdout, "up\n");
      assert.match(stderr, /\(--refresh\)\nclean: .*node.*\n$/s);
    });
  });

  it("reads no request out of a state that has none, whatever it holds", () => {
    for (const deployment of [undefined, null, {}, { resources: [] }, { resources: [{ type: 1, urn: 2 }] }]) {
      assert.equal(cleaningRequest(deployment), undefined);
    }
    fc.assert(
      fc.property(fc.anything(), fc.string(), (anything, stdin) => {
        const urn = "x::fuse-test-namespace-removal";
        const resources = [anything, { type: "command:local:Command", urn, inputs: { stdin } }];
        cleaningRequest(anything);
        cleaningRequest({ resources: anything });
        cleaningRequest({ resources });
      }),
    );
  });
});
