import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../../kube/client";
import type { Judged } from "../../../verdict/judge";
import { preflight } from "../../../verdict/preflight";
import { passing } from "../../support/observations";

const status = (message: string): string =>
  JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message });

type Answer = readonly [code: number, body: string];

/** A request of the preflight. */
type Request = "dry run" | "access review" | "node" | "list of pods";

/** An API server that grants everything but one request. */
interface Refusing {
  readonly judged: Judged | undefined;
  /** Number of these requests. */
  readonly asked: number;
}

function requestOf(method: string, url: string): Request {
  if (url.includes("/selfsubjectaccessreviews")) return "access review";
  if (url.startsWith("/api/v1/nodes/")) return "node";
  return method === "POST" ? "dry run" : "list of pods";
}

/** The answers of an API server that grants everything. */
const granted: Readonly<Record<Request, Answer>> = {
  "access review": [
    201,
    JSON.stringify({
      kind: "SelfSubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      spec: {},
      status: { allowed: true },
    }),
  ],
  node: [200, JSON.stringify({ kind: "Node", status: { conditions: [{ type: "Ready", status: "True" }] } })],
  "dry run": [201, JSON.stringify({ kind: "Pod", apiVersion: "v1", metadata: { name: "fuse-producer" } })],
  "list of pods": [200, JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: {}, items: [] })],
};

describe("the preflight", function () {
  // An error of the API server must last.
  this.timeout(60_000);
  let folder: string;
  let server: Server | undefined;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-preflight-"));
  });

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs the preflight against an API server that gives these answers to a request, and the last one for ever. */
  async function play(wanted: Request, ...answers: readonly Answer[]): Promise<Refusing> {
    let asked = 0;
    const made = createServer((request, response) => {
      const { method = "", url = "" } = request;
      const send = (code: number, body: string): void => {
        request.resume().on("end", () => {
          response.writeHead(code, { "content-type": "application/json" }).end(body);
        });
      };
      const what = requestOf(method, url);
      const instead = what === wanted ? answers[Math.min(asked, answers.length - 1)] : undefined;
      if (what === wanted) asked += 1;
      send(...(instead ?? granted[what]));
    });
    server = made;
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    const kubeconfig = join(folder, "config");
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "x",
        clusters: [
          { name: "x", cluster: { server: `http://127.0.0.1:${(made.address() as AddressInfo).port}` } },
        ],
        users: [{ name: "x", user: {} }],
        contexts: [{ name: "x", context: { cluster: "x", user: "x" } }],
      }),
    );
    const { question } = passing();
    const metadata = { name: "fuse-producer", namespace: question.namespace };
    const pods = [{ apiVersion: "v1", kind: "Pod", metadata }];
    const client = connect({ kubeconfig, context: undefined });
    return { judged: await preflight({ client, question, start: Date.now(), pods }), asked };
  }

  it("finds nothing if everything is granted", async () => {
    assert.deepEqual(await play("dry run"), { judged: undefined, asked: 1 });
  });

  for (const [code, words] of [
    [400, 'Pod in version "v1" cannot be handled as a Pod: strict decoding error'],
    [404, "the server could not find the requested resource"],
    [405, "the server does not allow this method on the requested resource"],
    [413, "Request entity too large: limit is 3145728"],
  ] as const)
    it(`says admission-denied at once of a dry run that is refused, with its words: ${code}`, async () => {
      const { judged, asked } = await play("dry run", [code, status(words)]);
      assert.equal(judged?.judgement.cause, "admission-denied");
      assert.ok(judged.judgement.summary.includes(`(${words})`), judged.judgement.summary);
      assert.equal(asked, 1);
    });

  for (const [code, words] of [
    [429, "the server has received too many requests and has asked us to try again later"],
    [500, "etcdserver: mvcc: database space exceeded"],
  ] as const) {
    it(`says cluster-unreachable of a dry run, with its words, if it lasts: ${code}`, async () => {
      const { judged, asked } = await play("dry run", [code, status(words)]);
      assert.equal(judged?.judgement.cause, "cluster-unreachable");
      assert.ok(judged.judgement.summary.includes(`(fuse-producer: ${words})`), judged.judgement.summary);
      assert.ok(asked > 1);
    });

    it(`finds nothing if the next dry run succeeds: ${code}`, async () => {
      const { judged, asked } = await play("dry run", [code, status(words)], granted["dry run"]);
      assert.deepEqual([judged, asked], [undefined, 2]);
    });
  }

  // nginx, HAProxy, Envoy, Traefik, Cloudflare, a load balancer of AWS, Rancher, Kong, Istio, a page to log in
  const foreign: readonly Answer[] = [
    [404, "<html><head><title>404 Not Found</title></head><body><hr>nginx</body></html>"],
    [403, "<html><body><h1>403 Forbidden</h1>Request forbidden by administrative rules.</body></html>"],
    [503, "no healthy upstream"],
    [404, "404 page not found\n"],
    [403, "error code: 1020"],
    [502, "<html><head><title>502 Bad Gateway</title></head><body>awselb/2.0</body></html>"],
    [404, '{"type":"error","status":"404","message":"not found","code":"NotFound"}'],
    [429, '{"message":"API rate limit exceeded"}'],
    [401, "Jwt is missing"],
    [302, '<a href="https://login.example/">Found</a>.'],
    [200, "<html>Please log in</html>"],
    [200, '{"kind":"Login"}'],
    [201, "<html>created</html>"],
    [409, "<html><h1>409 Conflict</h1></html>"],
    [422, '{"errors":["Unprocessable"]}'],
    [403, "pods is forbidden: exceeded quota, says no API server"],
    [401, ""],
  ];
  for (const asked of ["dry run", "access review", "node", "list of pods"] as const)
    it(`says cluster-unreachable, with the first words, if another server answers: ${asked}`, async () => {
      for (const [code, body] of foreign) {
        const { judged } = await play(asked, [code, body]);
        server?.closeAllConnections();
        server?.close();
        assert.equal(judged?.judgement.cause, "cluster-unreachable", `${code} ${body}`);
        const [word = "an empty body"] = /[A-Za-z]{4,}/.exec(body.replace(/<[^>]*>/g, " ")) ?? [];
        assert.ok(judged.judgement.summary.includes(`HTTP ${code} from a server that is not`));
        assert.ok(judged.judgement.summary.includes(word), judged.judgement.summary);
      }
    });
});
