import fc from "fast-check";
import assert from "node:assert/strict";
import { matches, matchesExpression } from "../../../policy/rules/pattern";
import { type Api, openApi } from "../../support/api";
import { testCluster } from "../../support/cluster";
import { PATTERNS } from "../../support/patterns";
import { until } from "../../support/waiting";

const NAME = "fuse-test-patterns";

/** Stands between the texts of one question. */
const SEPARATOR = "\u001e";

const id = "a".repeat(64);

/** Texts that patterns match, to be spoilt. */
const seeds = [
  ...[
    "tmp/fuse-test-bridge",
    "tmp/fuse-test-bridge/a",
    "dev/fuse",
    "dev/char/10:229",
    "proc/1/root/dev/fuse",
    "proc/self",
    "",
  ],
  ...["var/lib/kubelet/pods/x", "run/netns", "sys/fs/bpf", "a/../b", "proc/1/fd/3"],
  ...["docker.io/rclone/rclone:1.71.2", `registry.example:5000/a@sha256:${id}`, `sha256:${id}`, "rclone"],
  ...["fuse-test/role", "sys_admin", "CAP_SYS_ADMIN", "all", "fuse", "FUSE", "example.com/myfuse"],
  ...["io.kubernetes.cri-o.Devices", "cdi.k8s.io/x", "devices.nri.io/container.x", "/dev/fuse"],
  ...[
    "100m",
    "1.5",
    "128Mi",
    "20",
    "16Mi",
    "one line",
    "producer.sh",
    "#",
    "0123456789abcdef",
    "local.0123",
    "fuse-test-local",
  ],
];

/** Texts that two engines may read differently: line ends, invalid characters, look-alikes, letters that fold. */
const hostile = [
  ...[
    "\n",
    "\r",
    "\r\n",
    "\u0000",
    "\u0085",
    "\u2028",
    "\u2029",
    "\t",
    "\v",
    "\f",
    " ",
    "\u00a0",
    "\u200b",
    "\ufeff",
  ],
  ...[
    "\u{1f600}",
    "\ud800",
    "\udc00",
    "\ufffd",
    "\u0301",
    "\u017f",
    "\u212a",
    "\u0130",
    "\u0131",
    "\uff46",
    "\u0660",
  ],
  ...["/", "..", ".", "$", "^", "\\", "\\n", "x"],
];

const spoilt = fc
  .tuple(fc.constantFrom(...seeds), fc.constantFrom(...hostile), fc.nat(), fc.constantFrom(...hostile, ""))
  .map(([seed, one, at, other]) => {
    const cut = at % (seed.length + 1);
    return `${seed.slice(0, cut)}${one}${seed.slice(cut)}${other}`;
  });

const texts = [
  ...seeds,
  ...seeds.flatMap((seed) => hostile.flatMap((one) => [seed + one, one + seed, `${seed}${one}${seed}`])),
  ...fc.sample(fc.oneof(spoilt, fc.string({ unit: "binary", maxLength: 20 })), { numRuns: 2000, seed: 7 }),
].map((text) => text.replaceAll(SEPARATOR, ""));

/** A policy that reports for every text of a ConfigMap which patterns it matches in the API server. */
const policy = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicy",
  metadata: { name: NAME },
  spec: {
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: [
        { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] },
      ],
    },
    matchConditions: [{ name: "own", expression: `object.metadata.name == "${NAME}"` }],
    validations: [
      {
        expression: "false",
        messageExpression: `"answers:" + [${PATTERNS.map(
          (source) =>
            `object.data["texts"].split(${JSON.stringify(SEPARATOR)}).map(t, ${matchesExpression("t", source)} ? "1" : "0").join("")`,
        ).join(", ")}].join("|")`,
      },
    ],
  },
};
const binding = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicyBinding",
  metadata: { name: NAME },
  spec: { policyName: NAME, validationActions: ["Deny"] },
};
const both = { apiVersion: "v1", kind: "List", items: [policy, binding] };

/** Texts of one request: a response has a limit of some thousand characters. */
const AT_ONCE = 60;

describe("A pattern of the rules", function () {
  this.timeout(300_000);
  let api: Api;

  async function answers(some: readonly string[]): Promise<string[] | undefined> {
    const { message } = await api.dryRun({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: NAME, namespace: "default" },
      data: { texts: some.join(SEPARATOR) },
    });
    return /answers:([01|]+)/.exec(message)?.[1]?.split("|");
  }

  before(async () => {
    api = openApi((await testCluster()).kubeconfig);
    const { allowed: applied, message } = await api.kubectl(["apply", "--server-side", "-f", "-"], both);
    assert.equal(applied, true, message);
    await until("the API server reads the patterns", 30, async () => (await answers(["x"])) !== undefined);
  });

  after(async () => {
    await api.kubectl(["delete", "--ignore-not-found", "-f", "-"], both);
  });

  it("matches the same texts here and in the API server, however hostile they are", async () => {
    assert.ok(PATTERNS.length > 20);
    let matched = 0;
    for (let start = 0; start < texts.length; start += AT_ONCE) {
      const some = texts.slice(start, start + AT_ONCE);
      const expected = PATTERNS.map((source) =>
        some.map((text) => (matches(source, text) ? "1" : "0")).join(""),
      );
      assert.deepEqual(await answers(some), expected, JSON.stringify(some));
      matched += expected.join("").replaceAll("0", "").length;
    }
    assert.ok(matched > texts.length);
  });
});
