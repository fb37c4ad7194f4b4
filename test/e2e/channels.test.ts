import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Played, play } from "../support/bench";
import { testCluster } from "../support/cluster";
import { together } from "../support/edits";
import { type Answer, type Fault, openFaultyApi, statusAnswer } from "../support/faulty-api";

/** A run that passes, observed through something that does not. */
interface Disturbed {
  readonly name: string;
  readonly title: string;
  /** Makes the fault; what it remembers is its own. */
  readonly fault: () => Fault;
  readonly verdict: "SUCCESS" | "ERROR";
  readonly cause: string;
  readonly words?: RegExp;
}

const TLS = 'Get "https://10.0.0.5:10250/containerLogs/x": remote error: tls: internal error';
const PROXY =
  'Get "https://10.0.0.5:10250/containerLogs/x": proxy error from 127.0.0.1:6443 while dialing 10.0.0.5:10250, code 502: 502 Bad Gateway';

function isLog(path: string, role: string): boolean {
  return path.endsWith(`/pods/fuse-${role}/log`);
}

/** Refuses a log for some time after it was asked for first, in milliseconds. */
function refuseLog(role: string, milliseconds: number, answer: Answer): () => Fault {
  return () => {
    let first = 0;
    return ({ path }) => {
      if (!isLog(path, role)) return undefined;
      first ||= Date.now();
      return Date.now() - first < milliseconds ? answer : undefined;
    };
  };
}

/** Changes the lines of a log wherever it is read. */
function changeLog(role: string, change: (lines: string[]) => string[]): () => Fault {
  return () =>
    async ({ path, query }, body) => {
      if (!isLog(path, role) || query.get("follow") === "true") return undefined;
      return { status: 200, body: change((await body()).split("\n")).join("\n") };
    };
}

/**
 * Cuts the end off the first reading of a log that is not followed. Whether a whole log was followed before depends on
 * how fast the container ended, so a cut that lasted would have no one verdict.
 */
function cutLogOnce(role: string, lines: number): () => Fault {
  return () => {
    let cut = false;
    return async ({ path, query }, body) => {
      if (cut || !isLog(path, role) || query.get("follow") === "true") return undefined;
      cut = true;
      return { status: 200, body: (await body()).split("\n").slice(0, lines).join("\n") };
    };
  };
}

function refusePath(ends: string, answer: Answer): () => Fault {
  return () =>
    ({ path }) =>
      path.endsWith(ends) ? answer : undefined;
}

/** Answers some requests only when their answer has ended, as a gateway that buffers does, or not at all. */
function holdBack(parameter: "watch" | "follow", until: "its end" | "never"): () => Fault {
  return () =>
    async ({ query }, body) => {
      if (query.get(parameter) !== "true") return undefined;
      if (until === "never") return new Promise(() => undefined);
      return { status: 200, type: "application/json", body: await body() };
    };
}

const FOREVER = Infinity;

const disturbed: readonly Disturbed[] = [
  {
    name: "log-after-two",
    title: "a log that is refused for 2 s",
    fault: refuseLog("consumer", 2000, statusAnswer(500, TLS)),
    verdict: "SUCCESS",
    cause: "",
  },
  {
    name: "log-after-five",
    title: "a log that comes empty for 5 s",
    fault: refuseLog("consumer", 5000, { status: 200, body: "" }),
    verdict: "SUCCESS",
    cause: "",
  },
  {
    name: "log-never",
    title: "a log that the API server cannot have",
    fault: refuseLog("consumer", FOREVER, statusAnswer(500, TLS)),
    verdict: "ERROR",
    cause: "observation-failed",
    words:
      /log of the consumer: the API server cannot have it from the kubelet of node w2: Get .*tls: internal error/,
  },
  {
    name: "log-gateway",
    title: "a log of the producer behind a closed port",
    fault: refuseLog("producer", FOREVER, statusAnswer(502, PROXY)),
    verdict: "ERROR",
    cause: "observation-failed",
    words: /log of the producer: the API server cannot have it .*502 Bad Gateway/,
  },
  {
    name: "log-twice",
    title: "a log with lines that come twice",
    fault: changeLog("consumer", (lines) => lines.flatMap((line) => [line, line])),
    verdict: "ERROR",
    cause: "observation-failed",
    words: /log of the consumer: its line .* is there twice/,
  },
  {
    name: "log-cut",
    title: "a log that comes without its end at first",
    fault: cutLogOnce("control", 2),
    verdict: "SUCCESS",
    cause: "",
  },
  {
    name: "watch-buffered",
    title: "watches that a gateway delivers when they end",
    fault: holdBack("watch", "its end"),
    verdict: "SUCCESS",
    cause: "",
  },
  {
    name: "watch-never",
    title: "watches that a gateway never answers",
    fault: holdBack("watch", "never"),
    verdict: "SUCCESS",
    cause: "",
  },
  {
    name: "follow-never",
    title: "logs that a gateway does not deliver while they grow",
    fault: holdBack("follow", "never"),
    verdict: "SUCCESS",
    cause: "",
  },
  {
    name: "no-events",
    title: "events behind an error page",
    fault: refusePath("/events", { status: 403, type: "text/html", body: "<h1>Blocked by policy</h1>" }),
    verdict: "SUCCESS",
    cause: "",
  },
  {
    name: "no-programs",
    title: "a ConfigMap that cannot be read",
    fault: refusePath("/configmaps/fuse-test-programs", statusAnswer(500, "etcdserver: request timed out")),
    verdict: "ERROR",
    cause: "observation-failed",
    words: /programs: this machine cannot have it from the API server: etcdserver: request timed out/,
  },
  {
    name: "no-api",
    title: "an error page in place of the API",
    fault: () => () => ({ status: 200, type: "text/html", body: "<html><h1>Please log in</h1></html>" }),
    verdict: "ERROR",
    cause: "cluster-unreachable",
    words: /HTTP 200 from a server that is not a Kubernetes API server: Please log in/,
  },
];

describe("a test that passes, and whose observation is disturbed", function () {
  this.timeout(240_000);
  let folder = "";
  let played: PromiseSettledResult<Played>[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-channels-"));
    const cluster = await testCluster();
    played = await together(disturbed, 2, async ({ name, fault }) => {
      const way = await openFaultyApi(cluster, folder, fault());
      try {
        return await play(cluster, { name, observer: way.kubeconfig });
      } finally {
        way.close();
      }
    });
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const [index, { title, verdict, cause, words }] of disturbed.entries()) {
    it(`has its verdict, or names the channel: ${title}`, () => {
      const result = played[index];
      if (result?.status !== "fulfilled") throw result?.reason ?? new Error("not played");
      const { judgement } = result.value;
      assert.deepEqual([judgement.verdict, judgement.cause], [verdict, cause], judgement.summary);
      if (words !== undefined) assert.match(judgement.summary, words);
    });
  }
});
