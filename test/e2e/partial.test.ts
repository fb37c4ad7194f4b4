import assert from "node:assert/strict";
import { conclude } from "../../examination/conclude";
import { evaluate } from "../../examination/evaluate";
import type { Examination } from "../../examination/result";
import type { Verdict } from "../../verdict/contract";
import { play } from "../support/bench";
import { testCluster } from "../support/cluster";
import { examineScene } from "../support/examine";
import { onNode } from "../support/nodes";

/**
 * Waits on the node until the reader of a run has its first mount, and then cuts its bridge off from the node: what
 * it has stays, and nothing comes or goes any more, as where a runtime gives a pod a private copy.
 */
const cutOff = `
reader() {
  for process in /proc/[0-9]*; do
    words=$(tr "\\\\0" " " 2>/dev/null <"$process/environ") || continue
    case " $words" in
      *" RUN=$1 "*" CELL=reader "* | *" CELL=reader "*" RUN=$1 "*) echo "\${process#/proc/}" && return ;;
    esac
  done
  return 1
}
until found=$(reader "$1") && grep -q " /mnt/dfs/examination/recovery .* - fuse" "/proc/$found/mountinfo"; do sleep 0.02; done
nsenter --target "$found" --mount mount --make-private /mnt/dfs
`;

describe("a consumer that is cut off after the first mount, on the real cluster", function () {
  this.timeout(120_000);
  let examination: Examination;
  let verdict: Verdict;

  before(async () => {
    const run = "partial";
    const { verdict: quick } = await play(await testCluster(), {
      name: run,
      afterVerdict: async (scene) => {
        const [evidence] = await Promise.all([
          examineScene(scene, "standard"),
          onNode("w2", ["sh", "-c", cutOff, "sh", run], 60_000),
        ]);
        examination = evaluate(evidence);
      },
    });
    verdict = conclude(quick, examination, new Date());
  });

  it("is a partial success: it propagates, but needs a liveness probe", () => {
    assert.deepEqual([examination.outcome, examination.problem], ["needs-liveness-probe", ""]);
    assert.deepEqual([verdict.verdict, verdict.cause], ["SUCCESS", ""]);
    assert.match(verdict.nextSteps[0] ?? "", /^Give each consumer a liveness probe/);
    assert.match(examination.livenessProbe, /^livenessProbe:\n/);
  });

  it("keeps the dead mount and the error that the probe finds", () => {
    const [kill] = examination.scenarios;
    assert.deepEqual([kill?.name, kill?.sameConsumer, kill?.passed], ["kill", false, false]);
    assert.match(kill?.consumerGot ?? "", /ENOTCONN|ECONNABORTED/);
    assert.deepEqual(
      verdict.checks.filter(({ name, passed }) => name === "recovery/kill" && passed === false).length,
      1,
    );
  });
});
