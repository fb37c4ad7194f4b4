import assert from "node:assert/strict";
import { spread } from "../../../report/format";
import { distributionOf } from "../../../protocol/suite-result";
import { decide, findProblem } from "../../../verdict/decide";
import { describePropagation } from "../../../report/evidence/propagation";
import type { Observation } from "../../../verdict/observation";
import type { Message } from "../../../kube/message";
import { apiMessage } from "../../../kube/client";
import { AnswerError } from "../../../kube/http";
import { withArticle } from "../../../verdict/words";
import { consumerFailing, observed, passing, passingLog, saying, START } from "../../support/observations";
import { fixtures } from "./fixtures";

function summaryOf(observation: Observation): string {
  const decision = decide(observation);
  assert.ok(decision.certain);
  return decision.judgement.summary;
}

function withLog(role: "producer" | "consumer", from: string, to: string, base = passing()): Observation {
  const log = passingLog(role).map((line) => ({ ...line, text: line.text.replace(from, to) }));
  assert.notDeepEqual(log, passingLog(role));
  return { ...base, pods: { ...base.pods, [role]: observed(role, log) } };
}

describe("a sentence of the verdict", () => {
  it("has the article that its name is spoken with", () => {
    for (const name of ["rclone", "sshfs", "s3fs", "encfs", "avfs", "ntfs-3g", "mhddfs", "ifuse"])
      assert.equal(withArticle(name), `an ${name}`);
    for (const name of [
      "squashfuse",
      "bindfs",
      "go-fuse",
      "juicefs",
      "mergerfs",
      "goofys",
      "hello",
      "unionfs-fuse",
    ])
      assert.equal(withArticle(name), `a ${name}`);
    assert.match(summaryOf(passing()), /^An rclone mount made in one pod/);
  });

  it("says allow_other is missing only of a mount whose line lacks it", () => {
    const denied = consumerFailing("read", "stat: '/mnt/dfs/mount': Permission denied");
    assert.match(summaryOf(denied), /it has the option allow_other/);
    const consumer = denied.pods.consumer;
    const events = consumer.report.events.map((event) =>
      event.event === "seen" ? { ...event, mountinfo: event.mountinfo.replace(",allow_other", "") } : event,
    );
    const report = { ...consumer.report, events };
    const lacking = { ...denied, pods: { ...denied.pods, consumer: { ...consumer, report } } };
    assert.match(summaryOf(lacking), /it lacks the option allow_other/);
  });

  it("calls a producer's bridge a slave when it receives from a group of which it is no peer", () => {
    const slave = withLog("producer", "shared:12 ", "shared:77 master:12 ");
    const text = describePropagation(slave);
    assert.match(
      text,
      /The producer's bridge is a slave of peer group 12, and has a peer group of its own, 77/,
    );
    assert.doesNotMatch(text, /a peer of that mount/);
    // The node's own mount is a slave, where the node is a container: the consumer receives from the producer's group.
    const nested = describePropagation(withLog("producer", "shared:12 ", "shared:12 master:3 "));
    assert.match(nested, /made the producer's bridge a peer of that mount/);
  });

  it("names no effect before its cause", () => {
    const early = passingLog("consumer").map((line) => ({ ...line, time: line.time - 80 }));
    const base = passing();
    const decision = decide({ ...base, pods: { ...base.pods, consumer: observed("consumer", early) } });
    assert.ok(decision.certain);
    const { producerMounted, consumerSaw } = decision.judgement.timings;
    assert.ok(producerMounted !== null && consumerSaw !== null && producerMounted <= consumerSaw);
    const [mounted, seen] = ["producer-mounted", "consumer-mounted"].map((name) =>
      decision.judgement.checks.find((check) => check.name === name),
    );
    assert.ok(mounted && seen && mounted.milliseconds <= seen.milliseconds);
  });

  it("has no figure finer than its resolution", () => {
    const low = distributionOf([1.1, 2.2, 2.5], 3.5);
    assert.equal(spread(low), "all below 3.5 ms");
    assert.equal(
      spread(distributionOf([1, 2, 2, 4.26], 3.5)),
      "median below 3.5 ms, 95% within 4 ms, at most 4 ms",
    );
    assert.match(spread(distributionOf([318, 318, 322], 12)), /median 320 ms/);
    assert.equal(spread(distributionOf([2214], 150)), "2.2 s");
    assert.equal(spread(distributionOf([2214], 12)), "2.21 s");
    assert.equal(spread(distributionOf([12_214], 1500)), "12 s");
  });

  const pulls: readonly (readonly [RegExp, RegExp])[] = [
    [/toomanyrequests/, /limits how often images may be pulled/],
    [/x509/, /does not trust the certificate of its registry/],
    [/no match for platform/, /no variant for the node's platform/],
    [/HTTP response to HTTPS client/, /serves HTTP, and the node uses HTTPS/],
  ];
  for (const [said, meaning] of pulls) {
    it(`says of an image what its registry means: ${String(said)}`, () => {
      const fixture = fixtures.find(({ text }) => said.test(text));
      assert.ok(fixture);
      const { reason, text } = fixture;
      const found = findProblem(saying([{ source: "event", about: "producer", reason, text }]));
      assert.match(found?.judgement.summary ?? "", meaning);
      assert.match(found?.judgement.summary ?? "", said);
    });
  }

  const otherPulls: readonly (readonly [text: string, meaning: string])[] = [
    // Digits and words in the names of images and hosts mean nothing.
    [
      '"r.io/x@sha256:ab429c": rpc error: code = NotFound desc = not found',
      "its registry has none like that",
    ],
    ['"r.io:429/x:1": manifest unknown', "its registry has none like that"],
    ['"r.io/certificate-tools:1": not found', "its registry has none like that"],
    ['"r.io/policy:1": something new', ""],
    [
      '"r.io/x:1": failed to extract layer sha256:1: lchown /var/lib/containerd/tmpmounts/x: permission denied',
      "",
    ],
    [
      '"r.io/x:1": dial tcp: lookup r.io on 10.0.0.1:53: no such host',
      "the node does not reach its registry",
    ],
    [
      '"r.io/x:1": unexpected status from HEAD request to https://r.io/v2/: 503 Service Unavailable',
      "its registry has an error of its own",
    ],
    [
      '"r.io/x:1": failed to resolve reference "r.io/x:1": unexpected status: 407 Proxy Authentication Required',
      "the proxy between the node and its registry refuses, or cannot be reached",
    ],
    [
      '"r.io/x:1": x509: certificate has expired or is not yet valid: current time 1970-01-01T00:00:00Z is before 2026-01-01T00:00:00Z',
      "the certificate of its registry is not valid at the node's time",
    ],
    [
      '"r.io/x:1": pull access denied, repository does not exist or may require authorization',
      "its registry requires credentials that the node does not have, or has no such image",
    ],
  ];
  for (const [said, meaning] of otherPulls) {
    it(`says of an image ${meaning === "" ? "no more than the runtime's words" : meaning}: ${said.slice(0, 80)}`, () => {
      const text = `Failed to pull image ${said}`;
      const found = findProblem(saying([{ source: "event", about: "producer", reason: "Failed", text }]));
      const { image } = passing().question;
      const why = meaning === "" ? "" : `: ${meaning}`;
      assert.ok(
        found?.judgement.summary.startsWith(
          `Node w2 has no image ${image} and cannot get it${why} (${text})`,
        ),
        found?.judgement.summary,
      );
    });
  }

  it("says of an image that was pulled with other credentials that it is on the node", () => {
    const text =
      'Container image "x" is present with pull policy of Never but does not have the proper auth (image secret) that was used to pull the image';
    const found = findProblem(
      saying([{ source: "container", about: "producer", reason: "ErrImageNeverPull", text }]),
    );
    assert.match(found?.judgement.summary ?? "", /: it is on the node, but was pulled with credentials that/);
  });
});

describe("what a message means", () => {
  it("is the same before its time of grace and after it", () => {
    for (const { cause, source, reason, text } of fixtures) {
      if (source !== "api") continue;
      for (const after of [0, 500, 1999, 2000, 9999, 10_000, 60_000]) {
        const message: Message = { source, about: "fuse-producer", reason, text, since: START };
        const found = findProblem(saying([message], { now: START + after }))?.judgement;
        assert.ok(found === undefined || found.cause === cause, `${cause}, not ${found?.cause}: ${text}`);
        assert.deepEqual(found?.otherCauses ?? [], []);
      }
    }
  });

  it("is want of rights for a path, as for a resource", () => {
    const text = 'forbidden: User "system:anonymous" cannot get path "/version"';
    const found = findProblem(saying([{ source: "api", about: "version", reason: "403", text }]));
    assert.equal(found?.judgement.cause, "permission-denied");
  });

  it("is a refusal for a dry run that is refused with 422", () => {
    const text = 'Pod "fuse-producer" is invalid: spec.containers[0].image: Required value';
    const found = findProblem(saying([{ source: "api", about: "fuse-producer", reason: "422", text }]));
    assert.equal(found?.judgement.cause, "admission-denied");
  });

  const strange: readonly (readonly [number, string])[] = [
    [404, "404 page not found"],
    [404, '{"error":"no such route"}'],
    [403, "<html><body>Access <b>blocked</b></body></html>"],
    [200, "<html>Please log in</html>"],
    [200, '{"kind":"Login"}'],
    [407, "Proxy Authentication Required"],
    [400, "Client sent an HTTP request to an HTTPS server.\n"],
    [401, "<html>Sign in</html>"],
    [500, ""],
    [502, "Bad Gateway"],
  ];
  for (const [status, body] of strange) {
    it(`is that no API server answers: ${status} ${body.slice(0, 40).trim()}`, () => {
      const message = apiMessage(new AnswerError(status, body), "node");
      const found = findProblem(saying([message]))?.judgement;
      assert.equal(found?.cause, "cluster-unreachable");
      assert.match(
        found.summary,
        new RegExp(`HTTP ${status} from a server that is not a Kubernetes API server`),
      );
      const [word = ""] = /[A-Za-z]{5,}/.exec(body.replace(/<[^>]*>/g, "")) ?? [];
      assert.ok(found.summary.includes(word));
    });
  }

  it("is that the API server cannot be reached when 5xx and 429 last, and not before", () => {
    for (const reason of ["500", "503", "429"]) {
      const message: Message = { source: "api", about: "pods", reason, text: "the server", since: START };
      const at = (after: number) => findProblem(saying([message], { now: START + after }))?.judgement.cause;
      assert.deepEqual([at(9999), at(10_000)], [undefined, "cluster-unreachable"], reason);
    }
  });
});
