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

/** An API server that grants everything but the creation of a pod. */
interface Refusing {
  readonly judged: Judged | undefined;
  /** Number of the dry runs. */
  readonly asked: number;
}

describe("a dry run that is refused for a reason that no cause stands for", function () {
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

  /** Runs the preflight against an API server that answers the dry runs with these, and the last one for ever. */
  async function play(...answers: readonly (readonly [code: number, body: string])[]): Promise<Refusing> {
    let asked = 0;
    const made = createServer((request, response) => {
      const { method = "", url = "" } = request;
      const send = (code: number, body: string): void => {
        request.resume().on("end", () => {
          response.writeHead(code, { "content-type": "application/json" }).end(body);
        });
      };
      if (url.includes("/selfsubjectaccessreviews"))
        send(
          201,
          JSON.stringify({
            kind: "SelfSubjectAccessReview",
            apiVersion: "authorization.k8s.io/v1",
            spec: {},
            status: { allowed: true },
          }),
        );
      else if (url.startsWith("/api/v1/nodes/"))
        send(
          200,
          JSON.stringify({ kind: "Node", status: { conditions: [{ type: "Ready", status: "True" }] } }),
        );
      else if (url === "/api/v1")
        send(
          200,
          JSON.stringify({
            kind: "APIResourceList",
            groupVersion: "v1",
            resources: [{ name: "pods", kind: "Pod", namespaced: true, verbs: ["create"] }],
          }),
        );
      else if (method === "POST") {
        const [code, body] = answers[Math.min(asked, answers.length - 1)] ?? [201, "{}"];
        asked += 1;
        send(code, body);
      } else send(200, JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: {}, items: [] }));
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

  for (const [code, words] of [
    [400, 'Pod in version "v1" cannot be handled as a Pod: strict decoding error'],
    [404, "the server could not find the requested resource"],
    [405, "the server does not allow this method on the requested resource"],
    [413, "Request entity too large: limit is 3145728"],
  ] as const)
    it(`is admission-denied at once, with its words: ${code}`, async () => {
      const { judged, asked } = await play([code, status(words)]);
      assert.equal(judged?.judgement.cause, "admission-denied");
      assert.ok(judged.judgement.summary.includes(`(${words})`), judged.judgement.summary);
      assert.equal(asked, 1);
    });

  for (const [code, words] of [
    [429, "the server has received too many requests and has asked us to try again later"],
    [500, "etcdserver: mvcc: database space exceeded"],
  ] as const) {
    it(`is cluster-unreachable, with its words, if it lasts: ${code}`, async () => {
      const { judged, asked } = await play([code, status(words)]);
      assert.equal(judged?.judgement.cause, "cluster-unreachable");
      assert.ok(judged.judgement.summary.includes(`(fuse-producer: ${words})`), judged.judgement.summary);
      assert.ok(asked > 1);
    });

    it(`is nothing if the next dry run succeeds: ${code}`, async () => {
      const pod = { kind: "Pod", apiVersion: "v1", metadata: { name: "fuse-producer" } };
      const { judged, asked } = await play([code, status(words)], [201, JSON.stringify(pod)]);
      assert.deepEqual([judged, asked], [undefined, 2]);
    });
  }
});
