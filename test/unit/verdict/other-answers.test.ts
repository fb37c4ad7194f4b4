import assert from "node:assert/strict";
import { findProblem } from "../../../verdict/decide";
import { apiMessage } from "../../../kube/client";
import { AnswerError } from "../../../kube/http";
import { saying } from "../../support/observations";

/** An answer in the form of the API's. */
function status(message: string): string {
  return JSON.stringify({ kind: "Status", message });
}

/** What gateways, clouds' authorizers and other admission plugins answer to a pod that is created as a dry run. */
const answers: readonly (readonly [cause: string, code: number, body: string])[] = [
  ["cluster-unreachable", 404, "<html><head><title>404 Not Found</title></head><body>nginx</body></html>"],
  ["cluster-unreachable", 403, "<html>403 Forbidden by WAF</html>"],
  ["cluster-unreachable", 403, '{"type":"error","status":"403","message":"forbidden"}'],
  ["cluster-unreachable", 401, '{"type":"error","status":"401","message":"must authenticate"}'],
  ["cluster-unreachable", 407, "Proxy Authentication Required"],
  ["cluster-unreachable", 200, "<html>please log in</html>"],
  ["cluster-unreachable", 302, ""],
  ["cluster-unreachable", 400, "Client sent an HTTP request to an HTTPS server.\n"],
  ["cluster-unreachable", 502, "Bad Gateway"],
  ["cluster-unreachable", 413, "<html>413 Request Entity Too Large</html>"],
  ["cluster-unreachable", 503, status("the server is currently unable to handle the request")],
  ["permission-denied", 403, status('forbidden: User "system:anonymous" cannot get path "/"')],
  [
    "permission-denied",
    403,
    status(
      'pods is forbidden: User "system:anonymous" cannot create resource "pods" in API group "" in the namespace "x"',
    ),
  ],
  [
    "permission-denied",
    403,
    status(
      'pods is forbidden: User "x" cannot create resource "pods" in API group "" in the namespace "x": Azure does not have opinion for this user.',
    ),
  ],
  [
    "permission-denied",
    403,
    status(
      'pods is forbidden: User "x" cannot create resource "pods" in API group "" in the namespace "x": requires one of ["container.pods.create"] permission(s).',
    ),
  ],
  [
    "admission-denied",
    403,
    status(
      'pods "fuse-producer" is forbidden: unable to validate against any security context constraint: [provider "anyuid": Forbidden: not usable by user or serviceaccount]',
    ),
  ],
  [
    "admission-denied",
    403,
    status(
      'admission webhook "validation.gatekeeper.sh" denied the request: [psp-privileged-container] Privileged container is not allowed: producer',
    ),
  ],
  [
    "admission-denied",
    400,
    status(
      'admission webhook "warden-validating.common-webhooks.networking.gke.io" denied the request: GKE Warden rejected the request because it violates one or more constraints.',
    ),
  ],
  [
    "admission-denied",
    403,
    status(
      'pods "fuse-producer" is forbidden: maximum memory usage per Container is 100Mi, but limit is 512Mi',
    ),
  ],
  [
    "quota-exceeded",
    403,
    status(
      'pods "fuse-producer" is forbidden: exceeded quota: compute, requested: limits.memory=1Gi, used: limits.memory=1Gi, limited: limits.memory=1Gi',
    ),
  ],
  [
    "admission-denied",
    422,
    status(
      'Pod "fuse-producer" is invalid: spec.containers[0].securityContext.privileged: Forbidden: disallowed by cluster policy',
    ),
  ],
  [
    "admission-denied",
    500,
    status(
      'Internal error occurred: failed calling webhook "mutate.kyverno.svc-fail": failed to call webhook: Post "https://kyverno-svc.kyverno.svc:443/mutate?timeout=10s": context deadline exceeded',
    ),
  ],
  [
    "admission-denied",
    403,
    status(
      "pods \"fuse-producer\" is forbidden: ValidatingAdmissionPolicy 'x' with binding 'y' denied request: no",
    ),
  ],
  [
    "admission-denied",
    400,
    status('admission webhook "pod-policy.sysdig" denied the request without explanation'),
  ],
  [
    "admission-denied",
    403,
    status(
      'pods "fuse-producer" is forbidden: PodSecurityPolicy: unable to admit pod: [spec.containers[0].securityContext.privileged: Invalid value: true: Privileged containers are not allowed]',
    ),
  ],
  [
    "admission-denied",
    403,
    status('pods "fuse-producer" is forbidden: no PriorityClass with name x was found'),
  ],
];

/** What a connection fails with. */
const failures: readonly (readonly [code: string, message: string])[] = [
  ["ECONNRESET", "read ECONNRESET"],
  ["ETIMEDOUT", "connect ETIMEDOUT"],
  ["EHOSTUNREACH", "connect EHOSTUNREACH"],
  ["CERT_HAS_EXPIRED", "certificate has expired"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames"],
  ["EPROTO", "write EPROTO: wrong version number"],
  ["HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/"],
  ["ERR_SOCKET_CONNECTION_TIMEOUT", "x"],
  ["EAI_AGAIN", "getaddrinfo EAI_AGAIN x"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tlsv13 alert certificate required"],
];

function judged(error: unknown, about: string): readonly [cause: string | undefined, summary: string] {
  const { cause, summary } = findProblem(saying([apiMessage(error, about)]))?.judgement ?? {};
  return [cause, summary ?? ""];
}

describe("answers that the embedded cluster does not give", () => {
  for (const [cause, code, body] of answers) {
    it(`are ${cause}, with their words: HTTP ${code}, ${body.slice(0, 90)}`, () => {
      const [found, summary] = judged(new AnswerError(code, body), "producer");
      assert.equal(found, cause, summary);
      const message = /"kind":"Status","message":(".*")/.exec(body)?.[1];
      const words = message === undefined ? `HTTP ${code}` : (JSON.parse(message) as string);
      assert.ok(summary.includes(words.slice(0, 100)), summary);
    });
  }

  for (const [code, message] of failures) {
    it(`or none, are cluster-unreachable, with the words: ${code}, ${message}`, () => {
      const [found, summary] = judged(Object.assign(new Error(message), { code }), "pods");
      assert.equal(found, "cluster-unreachable");
      assert.ok(summary.includes(message), summary);
    });
  }
});
