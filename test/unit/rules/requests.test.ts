import assert from "node:assert/strict";
import { CLEANING_COMMANDS, COMMAND } from "../../../policy/rules/allowlist";
import { clusterOf, judgeInProject, type Resource } from "../../../policy/rules/evaluate";
import { describe as shown, SECRET, UNKNOWN, type Value } from "../../../policy/rules/snapshot";
import { changed, REMOVED } from "../../policy/cases/case";
import { WRONG_PLACES, WRONG_RUNS } from "../../policy/cases/requests";
import { cleaning, examining, judging, preflight } from "./requests";
import { linesOf } from "./violation-lines";

const TEST = "fuse-test:index:FuseTest";
const COMMAND_TYPE = "command:local:Command";

const places = {
  cleanup: ["fuse-test-cleanup", "Cleanup"],
  preflight: ["fuse-test-preflight", "Preflight"],
  verdict: ["fuse-test-verdict", "TestVerdict"],
  examination: ["fuse-test-examination", "ExaminationVerdict"],
} as const;

type Place = keyof typeof places;

function command(place: Place, stdin: Value): Resource {
  const [name, component] = places[place];
  const action = place === "cleanup" ? CLEANING_COMMANDS : { create: COMMAND };
  return {
    type: COMMAND_TYPE,
    name,
    urn: `urn:pulumi:s::fuse-test::${TEST}$fuse-test:index:${component}$${COMMAND_TYPE}::${name}`,
    props: { ...action, stdin, logging: "stderr" },
    ignoreChanges: [],
  };
}

const asked = (place: Place, request: unknown): string[] =>
  linesOf(judgeInProject(command(place, JSON.stringify(request))));

const right: Readonly<Record<Place, unknown>> = {
  cleanup: cleaning,
  preflight,
  verdict: judging,
  examination: examining,
};

type Path = readonly (string | number)[];

/** Values that a request may not have, with the topic of the violation. */
const wrong = WRONG_PLACES;

/** The same in requests with more content: a cleanup request beside the verdict, and pods for a dry run. */
const inside: readonly (readonly [Place, Path, unknown, string])[] = [
  ...wrong.map(([path, value, topic]) => ["verdict", ["cleaning", ...path], value, topic] as const),
  ["verdict", ["cleaning", "hostPath"], "/tmp/fuse-test-bridge/2026-11-23-1", "host-path"],
  ["cleanup", ["hostPath"], "/tmp/fuse-test-bridge/2026-11-23-1", "host-path"],
  ["verdict", ["hostPath"], "/tmp/fuse-test-bridge", "host-path"],
  ["preflight", ["pods", 0, "spec", "nodeName"], "w1", "node"],
  ["preflight", ["pods", 1, "metadata", "namespace"], "default", "namespace"],
  ["preflight", ["pods", 1, "spec", "hostPID"], true, "privilege"],
  ["preflight", ["pods", 2, "metadata", "name"], "mine", "command"],
  ...(["preflight", "verdict", "examination"] as const).flatMap((place) =>
    WRONG_RUNS.map(([path, value, topic]) => [place, path, value, topic] as const),
  ),
  ["verdict", ["ended"], ["../x"], "command"],
  ["verdict", ["ended"], ["a", ""], "command"],
  ["preflight", ["pods", 0, "kind"], "DaemonSet", "command"],
  ["preflight", ["pods", 0, "kind"], REMOVED, "command"],
  ["preflight", ["pods", 0, "apiVersion"], "v1beta1", "command"],
  ["preflight", ["pods", 0, "spec", "notKnown"], { hostPID: true }, "command"],
  ["preflight", ["pods", 0, "spec", "hostNetwork"], true, "privilege"],
  ["preflight", ["pods", 0, "spec", "volumes", 0, "hostPath", "path"], "/tmp", "host-path"],
  ["preflight", ["pods", 0, "spec", "containers", 0, "image"], "nginx", "image"],
  ["examination", ["producer", "kind"], "Deployment", "command"],
  ["examination", ["consumer", "spec", "nodeName"], "w1", "node"],
  ["examination", ["producer", "metadata", "namespace"], "default", "namespace"],
  ["examination", ["refused", 0, "pod", "kind"], "Job", "command"],
  ["examination", ["refused", 0, "pod", "apiVersion"], "batch/v1", "command"],
  ["examination", ["refused", 0, "pod", "spec", "nodeName"], "w1", "node"],
];

/** Requests as texts that two JSON parsers could read differently. */
const texts: readonly (readonly [string, (right: string) => string])[] = [
  ["the node twice, the wrong one last", (right) => right.replace('"node":"w2"', '"node":"w2","node":"w1"')],
  ["an escape in a name", (right) => right.replace('"node":"w2"', '"n\\u006fde":"w1"')],
  ["a mark of byte order", (right) => `\ufeff${right}`],
  ["a comment", (right) => `${right} // w2`],
  ["a second request", (right) => right + right],
  ["a comma at its end", (right) => right.replace(/}$/, ",}")],
  ["names without quotes", (right) => right.replaceAll('"node"', "node")],
  ["another spelling of a name", (right) => right.replace('"node"', '"Node"')],
  ["a prototype", (right) => right.replace('"node":"w2"', '"__proto__":{"node":"w2"}')],
  ["a list for a node", (right) => right.replace('"node":"w2"', '"node":["w2"]')],
  ["a number for a node", (right) => right.replace('"node":"w2"', '"node":2')],
  ["no node", (right) => right.replace('"node":"w2"', '"node":null')],
  ["a list around it", (right) => `[${right}]`],
  ["a text of it", (right) => JSON.stringify(right)],
];

/** Properties of a command in addition to its request, or with other values than the program's. */
const properties: readonly (readonly [string, Value])[] = [
  ["environment", { KUBECONFIG: "/other" }],
  ["environment", { NODE_OPTIONS: "--require /tmp/x.cjs" }],
  ["environment", {}],
  ["interpreter", ["/bin/sh", "-c"]],
  ["interpreter", ["python3"]],
  ["dir", "/tmp"],
  ["dir", ""],
  ["assetPaths", ["**"]],
  ["archivePaths", ["**"]],
  ["addPreviousOutputInEnv", true],
  ["addPreviousOutputInEnv", false],
  ["logging", "none"],
  ["logging", "stdoutAndStderr"],
  ["logging", UNKNOWN],
  ["create", "true"],
  ["create", `${COMMAND} `],
  ["create", `${COMMAND}; id`],
  ["create", `${COMMAND}\n`],
  ["create", UNKNOWN],
  ["create", SECRET],
  ["update", "id"],
  ["delete", "id"],
  ["delete", UNKNOWN],
];

describe("A request of one of the program's commands", () => {
  for (const place of Object.keys(places) as Place[]) {
    it(`is right as the program makes it: ${place}`, () => {
      assert.deepEqual(asked(place, right[place]), []);
    });

    for (const [path, value, topic] of wrong) {
      it(`is refused in the ${place} with ${path.join(".")} ${JSON.stringify(value)}`, () => {
        const found = asked(place, changed(right[place], path, value));
        assert.equal(found.length, 1);
        assert.ok(found[0]?.startsWith(`${topic} stdin.${path.join(".")}: `), found[0]);
      });
    }

    it(`is refused in the ${place} if it is no request, or a secret`, () => {
      for (const text of ["", "{}", "[]", "null", "{", '{"mode":"everything"}']) {
        const found = linesOf(judgeInProject(command(place, text)));
        assert.deepEqual(found, [
          `command stdin: ${JSON.stringify(text)}, not a request that the command understands`,
        ]);
      }
      assert.equal(linesOf(judgeInProject(command(place, SECRET))).length, 1);
      assert.equal(linesOf(judgeInProject(command(place, { node: "w2" }))).length, 1);
    });
  }

  for (const [place, path, value, topic] of inside) {
    it(`is refused in the ${place} with ${path.join(".")} ${JSON.stringify(value)}`, () => {
      const found = asked(place, changed(right[place], path, value));
      assert.ok(
        found.some((one) => one.startsWith(`${topic} stdin.${String(path[0])}`)),
        found.join(),
      );
    });
  }

  for (const [what, spoil] of texts) {
    it(`is refused everywhere with ${what}`, () => {
      for (const place of Object.keys(places) as Place[]) {
        const found = linesOf(judgeInProject(command(place, spoil(JSON.stringify(right[place])))));
        assert.notDeepEqual(found, [], place);
      }
    });
  }

  it("is read as its command reads it: of a repeated name the last value counts, and other names do not", () => {
    for (const place of Object.keys(places) as Place[]) {
      const text = JSON.stringify(right[place]);
      for (const harmless of [
        text.replace('"node":"w2"', '"node":"w1","node":"w2"'),
        text.replace('"node":"w2"', '"node":"w2","Node":"w1","nodes":["w1"]'),
      ]) {
        assert.deepEqual(linesOf(judgeInProject(command(place, harmless))), [], place);
      }
    }
  });

  for (const [name, value] of properties) {
    it(`is refused beside ${name} ${shown(value)}`, () => {
      for (const place of Object.keys(places) as Place[]) {
        const one = command(place, JSON.stringify(right[place]));
        const props = { ...(one.props as Record<string, Value>), [name]: value } as Value;
        const [first, ...more] = judgeInProject({ ...one, props });
        assert.equal(first?.path, name, place);
        assert.deepEqual(more, []);
      }
    });
  }

  it("may be unknown if it depends on resources of the same update, and otherwise not", () => {
    for (const place of ["verdict", "examination"] as const) {
      assert.deepEqual(linesOf(judgeInProject(command(place, UNKNOWN))), []);
    }
    for (const place of ["cleanup", "preflight"] as const) {
      assert.deepEqual(linesOf(judgeInProject(command(place, UNKNOWN))), [
        "command stdin: a value that is not known yet, not a literal request of the program",
      ]);
    }
  });

  it("holds pods that the API must refuse, which have a place as well", () => {
    const [refused] = examining.refused;
    const within = (pod: unknown) => ({ ...preflight, pods: [pod] });
    assert.deepEqual(asked("preflight", within(refused?.pod)), []);
    assert.deepEqual(asked("preflight", within(changed(refused?.pod, ["spec", "nodeName"], "w1"))), [
      'node stdin.pods[0].spec.nodeName: "w1", not "w2" or "k3s-w2"',
    ]);
    assert.deepEqual(asked("preflight", within(changed(refused?.pod, ["metadata", "namespace"], "x"))), [
      'namespace stdin.pods[0].metadata.namespace: "x", not "fuse-test"',
    ]);
    for (const path of [
      ["metadata", "namespace"],
      ["spec", "nodeName"],
    ] as const) {
      const [first = "", ...more] = asked("preflight", within(changed(refused?.pod, path, REMOVED)));
      assert.ok(first.includes(`stdin.pods[0].${path.join(".")}: null, not`), first);
      assert.deepEqual(more, []);
    }
    assert.deepEqual(asked("preflight", within(changed(refused?.pod, ["metadata", "name"], "mine"))), [
      'command stdin.pods[0]: a pod named "mine", not a pod of the test',
    ]);
    for (const pod of [examining.producer, examining.consumer]) {
      assert.deepEqual(asked("preflight", within(pod)), []);
    }
  });
});

describe("The cluster of a stack", () => {
  const provider = (props: Record<string, Value>): Resource => ({
    type: "pulumi:providers:kubernetes",
    name: "cluster",
    urn: "urn:pulumi:s::fuse-test::pulumi:providers:kubernetes::cluster",
    props: { enableServerSideApply: "true", ...props },
    ignoreChanges: [],
  });
  const own = clusterOf(provider({ kubeconfig: "/home/me/.kube/config", context: "default" }));

  it("is the one that every command acts on", () => {
    assert.ok(own);
    for (const place of Object.keys(places) as Place[]) {
      const one = command(place, JSON.stringify(right[place]));
      assert.deepEqual(clusterOf(one), own);
      assert.deepEqual(linesOf(judgeInProject({ ...one, others: [own] })), []);
      for (const other of [{ context: "other" }, { kubeconfig: "/etc/other" }, { kubeconfig: undefined }]) {
        const [first, ...more] = linesOf(judgeInProject({ ...one, others: [own, { ...own, ...other }] }));
        assert.match(
          first ?? "",
          /^command stdin: for the cluster of "\/home\/me\/.kube\/config", context "default", not the stack's one cluster/,
        );
        assert.deepEqual(more, []);
      }
    }
  });

  it("is the provider's, too, if a command was seen before it", () => {
    assert.ok(own);
    const other = provider({ kubeconfig: "/etc/other" });
    assert.equal(linesOf(judgeInProject({ ...other, others: [own] })).length, 1);
    assert.deepEqual(linesOf(judgeInProject({ ...other, others: [] })), []);
  });

  it("is undefined for a command with an unknown request, and for any other resource", () => {
    assert.equal(clusterOf(command("verdict", UNKNOWN)), undefined);
    assert.equal(clusterOf({ ...provider({}), name: "other" }), undefined);
    assert.equal(clusterOf({ ...provider({}), type: "kubernetes:core/v1:Pod" }), undefined);
  });
});
