import assert from "node:assert/strict";
import { apiMessage } from "../../../kube/client";
import { AnswerError } from "../../../kube/http";
import { decide } from "../../../verdict/decide";
import type { ChannelName, ChannelState, ContainerFacts } from "../../../verdict/observation";
import { observed, passing, passingFacts, START } from "../../support/observations";

const LOG = "log of the consumer";

/** The verdict on a run in which one channel has failed for 15 s, while the API server answers on the others. */
function judge(name: ChannelName, error: unknown): readonly [cause: string, summary: string, step: string] {
  const now = START + 20_000;
  const { reason, text } = apiMessage(error, name);
  const since = START + 5000;
  const read = Object.keys(passing().channels).map((one): [string, ChannelState] => [
    one,
    { state: "read", at: now - 100 },
  ]);
  const container: ContainerFacts = { ...passingFacts("consumer").container, state: "running" };
  const consumer = observed("consumer", [], { ...passingFacts("consumer"), container });
  const decision = decide(
    passing({
      now,
      pods: { ...passing().pods, consumer },
      messages: [{ source: "api", about: name, reason, text, since }],
      channels: { ...Object.fromEntries(read), [name]: { state: "failing", since, reason, text } },
    }),
  );
  assert.ok(decision.certain);
  const { cause, summary, nextSteps } = decision.judgement;
  return [cause, summary, nextSteps[0] ?? ""];
}

function refusal(status: number, message: string): AnswerError {
  return new AnswerError(status, JSON.stringify({ kind: "Status", message }));
}

const certificate =
  /^The kubelet's serving certificate is not approved or not trusted: .* kubectl certificate/;
const port = /^Open TCP port 10250 of w2 to the API server/;
const rights = /^The kubelet does not let the API server's user read: .*system:kubelet-api-admin/;
const name = /^The API server cannot resolve the node's name: /;
const inotify = /^On w2, raise the limits of inotify: sysctl fs\.inotify/;
const other = /^Try it: kubectl --namespace fuse-test get pods,events, and kubectl get node w2$/;

/** Words of API servers, tunnels (k3s, RKE2, konnectivity) and kubelets about a log, and the fix that they need. */
const ofLogs: readonly (readonly [status: number, words: string, fix: RegExp])[] = [
  [500, 'Get "https://10.0.0.5:10250/containerLogs/x": remote error: tls: internal error', certificate],
  [
    500,
    'Get "https://10.0.0.5:10250/containerLogs/x": x509: cannot validate certificate for 10.0.0.5 because it doesn\'t contain any IP SANs',
    certificate,
  ],
  [
    500,
    'Get "https://10.0.0.5:10250/containerLogs/x": tls: failed to verify certificate: x509: certificate has expired or is not yet valid',
    certificate,
  ],
  [
    502,
    'Get "https://10.0.0.5:10250/containerLogs/x": proxy error from 127.0.0.1:6443 while dialing 10.0.0.5:10250, code 502: 502 Bad Gateway',
    port,
  ],
  [500, 'Get "https://10.0.0.5:10250/containerLogs/x": dial tcp 10.0.0.5:10250: i/o timeout', port],
  [500, 'Get "https://10.0.0.5:10250/containerLogs/x": net/http: TLS handshake timeout', port],
  [500, 'Get "https://10.0.0.5:10250/containerLogs/x": No agent available', port],
  [500, "error dialing backend: EOF", port],
  [500, 'Get "https://10.0.0.5:10250/containerLogs/x": tunnel is closed', port],
  [
    403,
    "Forbidden (user=kube-apiserver-kubelet-client, verb=get, resource=nodes, subresource=proxy) ( pods/log fuse-consumer)",
    rights,
  ],
  [403, "Forbidden (user=system:anonymous, verb=get, resource=nodes, subresource(s)=[proxy log])", rights],
  [500, "Authorization error (user=kube-apiserver, verb=get, resource=nodes, subresource=proxy)", rights],
  [401, "the server has asked for the client to provide credentials ( pods/log fuse-consumer)", rights],
  [401, "Unauthorized", rights],
  [500, 'Get "https://w2:10250/containerLogs/x": dial tcp: lookup w2 on 10.96.0.10:53: no such host', name],
  [500, "failed to create fsnotify watcher: too many open files", inotify],
  [500, "unable to retrieve container logs for containerd://9c0", other],
  [404, "the server could not find the requested resource ( pods/log fuse-consumer)", other],
];

/** Errors between this machine and the API server, which no port or certificate of a kubelet fixes. */
const ofApi: readonly unknown[] = [
  refusal(500, "etcdserver: request timed out"),
  refusal(502, "error trying to reach service"),
  new AnswerError(504, "<html>504 Gateway Time-out</html>"),
  new AnswerError(404, "404 page not found"),
  new Error("no answer within 5000 ms (deadline exceeded)"),
  Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:6443"), { code: "ECONNREFUSED" }),
  Object.assign(new Error("certificate has expired"), { code: "CERT_HAS_EXPIRED" }),
];

describe("a channel that fails while the others are answered", () => {
  for (const [status, words, fix] of ofLogs) {
    it(`is named between its ends, with its words and the fix that they need: ${status} ${words.slice(0, 90)}`, () => {
      const [cause, summary, step] = judge(LOG, refusal(status, words));
      assert.equal(cause, "observation-failed");
      assert.ok(
        summary.includes(`(${LOG}: the API server cannot have it from the kubelet of node w2: ${words})`),
        summary,
      );
      assert.match(step, fix);
    });
  }

  for (const channel of ["pods", "events", "node", "programs", LOG] as const) {
    it(`is not the kubelet's, if this machine cannot have it from the API server: ${channel}`, () => {
      for (const error of ofApi) {
        const { text } = apiMessage(error, channel);
        if (channel === LOG && error instanceof AnswerError && error.body.includes('"kind":"Status"'))
          continue;
        const [cause, summary, step] = judge(channel, error);
        assert.equal(cause, "observation-failed", text);
        assert.ok(summary.includes(`(${channel}: this machine cannot have it from the API server: ${text})`));
        assert.match(step, other);
      }
    });
  }
});
