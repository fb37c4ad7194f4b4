import assert from "node:assert/strict";
import fc from "fast-check";
import { type Oracle, type Outcome, startOracle } from "../../support/kubeconfigs/kubectl";

/** Number of kubeconfigs that are generated; each costs a process of kubectl. */
const RUNS = 80;

/**
 * Returns an outcome to compare, without `compression` if a file disables it: client-go ignores `disable-compression`
 * when a cluster needs no transport of its own (`tlsTransportCache.get`), and this project's loader never ignores it.
 */
function comparable(outcome: Outcome, files: unknown): unknown {
  if (outcome === "refused" || !JSON.stringify(files).includes('"disable-compression":true')) return outcome;
  return outcome.map((seen) => ({ ...seen, compression: undefined }));
}

describe("any kubeconfig", function () {
  this.timeout(180_000);
  let oracle: Oracle;

  before(async () => {
    oracle = await startOracle();
  });

  after(() => {
    oracle.close();
  });

  /** Mostly the usual value, and otherwise one of those that are nothing or wrong. */
  function mostly(usual: readonly unknown[], ...rare: readonly unknown[]): fc.Arbitrary<unknown> {
    return fc.oneof(
      { weight: 25, arbitrary: fc.constantFrom(...usual) },
      { weight: 1, arbitrary: fc.constantFrom(...rare) },
    );
  }

  function optional(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
    return fc.record(fields, { requiredKeys: [] });
  }

  const name = fc.constantFrom("home", "office");

  function cluster(): fc.Arbitrary<unknown> {
    const { ports } = oracle.recorder;
    const { authority, other } = oracle.data;
    return fc
      .record({
        server: mostly(
          [`https://127.0.0.1:${ports.home}`, `https://127.0.0.1:${ports.office}/`],
          ...[`http://127.0.0.1:${ports.plain}`, `127.0.0.1:${ports.plain}`, "", null, 5],
        ),
        trust: fc.oneof(
          { weight: 8, arbitrary: fc.constant({ "certificate-authority-data": authority }) },
          {
            weight: 2,
            arbitrary: optional({
              "certificate-authority": mostly(["ca.crt"], "missing.crt", "", null),
              "certificate-authority-data": mostly([authority], other, "", null, "?"),
              "insecure-skip-tls-verify": mostly([true], false, null, "yes"),
            }),
          },
        ),
        more: optional({
          "tls-server-name": mostly(["api.example", "", null], "wrong.example"),
          "proxy-url": mostly(["", null, `http://127.0.0.1:${ports.proxy}`], "127.0.0.1:1", "ftp://x"),
          "disable-compression": mostly([true, false, null], 1),
          unknown: fc.constant({ a: 1 }),
        }),
      })
      .map(({ server, trust, more }) => ({ server, ...trust, ...more }));
  }

  function user(): fc.Arbitrary<unknown> {
    const { certificate, key } = oracle.data;
    const usual = fc.constantFrom<object>(
      { token: "a" },
      { token: "b" },
      { tokenFile: "token" },
      { username: "u", password: "p" },
      { "client-certificate-data": certificate, "client-key-data": key },
      { "client-certificate": "client.crt", "client-key": "client.key" },
      { "client-certificate": "client.crt", "client-key-data": key, token: "c" },
    );
    const act = optional({
      as: mostly(["jane"], "", null),
      "as-uid": mostly(["7"], "", null),
      "as-groups": mostly([["a", "b"]], [], null, [""], "a"),
      "as-user-extra": mostly([{ x: ["1", "2"] }], {}, null, { X: [] }, { x: "1" }),
    });
    const odd = optional({
      token: mostly(["c"], "", null, 1),
      password: mostly([null, ""], "q"),
      "client-key": mostly([null, ""], "missing.key"),
    });
    return fc
      .tuple(usual, fc.oneof(fc.constant({}), act), fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, odd))
      .map((parts): unknown => Object.assign({}, ...parts));
  }

  function list(field: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
    const entry = fc.record({ name, [field]: value });
    const both = fc.tuple(value, value).map(([home, office]) => [
      { name: "home", [field]: home },
      { name: "office", [field]: office },
    ]);
    return fc.oneof(
      { weight: 30, arbitrary: both },
      { weight: 6, arbitrary: fc.uniqueArray(entry, { selector: (item) => item.name, maxLength: 2 }) },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(null, [null], [{ name: "home" }], "x") },
    );
  }

  function file(): fc.Arbitrary<unknown> {
    const context = fc.record({
      cluster: mostly(["home", "office"], "gone", "", null),
      user: mostly(["home", "office"], "gone", "", null),
    });
    const content = fc.record({
      "current-context": mostly(["home", "office"], "gone", "", null),
      clusters: list("cluster", cluster()),
      users: list("user", user()),
      contexts: list("context", context),
    });
    return fc.oneof(
      { weight: 15, arbitrary: content },
      { weight: 1, arbitrary: fc.constantFrom<unknown>("", "{}", "#") },
    );
  }

  it("leads to the request that kubectl sends, or to none if kubectl sends none", async () => {
    let sent = 0;
    const files = fc.record({ a: file(), "sub/b": file() });
    const chosen = fc.constantFrom<object>(
      ...["FOLDER/a:FOLDER/sub/b", "FOLDER/sub/b:FOLDER/a", "FOLDER/missing:FOLDER/a", "FOLDER/sub/b"].map(
        (KUBECONFIG) => ({ environment: { KUBECONFIG } }),
      ),
      { kubeconfig: "a" },
      { kubeconfig: "sub/b" },
    );
    const context = fc.constantFrom<object>({}, {}, { context: "home" }, { context: "office" });
    await fc.assert(
      fc.asyncProperty(files, chosen, context, async (contents, where, which) => {
        const shared = { token: "t\n", "sub/token": " u ", ...contents };
        const { kubectl, ours, error } = await oracle.ask({ files: shared, ...where, ...which });
        if (kubectl !== "refused") sent++;
        assert.deepEqual(comparable(ours, contents), comparable(kubectl, contents), error);
        assert.doesNotMatch(error, /\n/u);
      }),
      { numRuns: RUNS, endOnFailure: false, includeErrorInReport: true },
    );
    assert.ok(sent > RUNS / 5, `kubectl sent ${sent} requests`);
  });
});
