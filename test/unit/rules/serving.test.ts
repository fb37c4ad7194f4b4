import * as grpc from "@grpc/grpc-js";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import assert from "node:assert/strict";
import { junit } from "../../../policy/junit";
import { escapeMarkup } from "../../../tools/escape";
import { hardenServing, hideSecrets } from "../../../policy/serving";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });

type Handler = (call: { readonly request: unknown }, callback: (...args: unknown[]) => void) => unknown;
type Implementation = Readonly<Record<string, Handler>>;

describe("Secrets", () => {
  it("are hidden wherever they are, and nothing else is", () => {
    const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", path: "x" };
    const plain = {
      a: [1, "b", null, true],
      asset,
      [SIGNATURE.slice(1)]: "1b47061264138c4ac30d75fd1eb44270",
    };
    assert.deepEqual(hideSecrets(plain), plain);
    assert.deepEqual(hideSecrets(secret("x")), "[secret]");
    assert.deepEqual(hideSecrets({ a: [secret({ b: 1 }), { c: secret(null) }], d: 1 }), {
      a: ["[secret]", { c: "[secret]" }],
      d: 1,
    });
  });
});

describe("A pack that is served", () => {
  // Put back below, and never called by itself.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { addService } = grpc.Server.prototype;
  const added: Implementation[] = [];

  before(() => {
    grpc.Server.prototype.addService = (_service, implementation) => {
      added.push(implementation as unknown as Implementation);
    };
    hardenServing();
  });

  after(() => {
    grpc.Server.prototype.addService = addService;
  });

  function serve(implementation: Implementation): Implementation {
    new grpc.Server().addService({}, implementation as unknown as grpc.UntypedServiceImplementation);
    const served = added.pop();
    assert.ok(served);
    return served;
  }

  function answer(served: Implementation, name: string, request: unknown): unknown[] {
    const answers: unknown[][] = [];
    void served[name]?.({ request }, (...args: unknown[]) => answers.push(args));
    assert.equal(answers.length, 1);
    return answers[0] ?? [];
  }

  const info = new analyzer.AnalyzerInfo();
  info.setSupportsconfig(true);
  const served = (): Implementation =>
    serve({
      analyze: ({ request }, callback) => {
        callback(null, (request as analyzer.AnalyzeRequest).getProperties()?.toJavaScript());
      },
      getAnalyzerInfo: (_call, callback) => {
        callback(null, info);
      },
      configure: (_call, callback) => {
        callback(null, {});
      },
    });

  it("sees no secret's value, and all the rest", () => {
    const request = new analyzer.AnalyzeRequest();
    request.setProperties(Struct.fromJavaScript({ a: secret("x"), b: [1] }));
    assert.deepEqual(answer(served(), "analyze", request), [null, { a: "[secret]", b: [1] }]);
    assert.deepEqual(answer(served(), "analyze", new analyzer.AnalyzeRequest()), [null, {}]);
  });

  it("reports that it takes no configuration, and refuses one nevertheless", () => {
    assert.deepEqual(answer(served(), "getAnalyzerInfo", {}), [null, info]);
    assert.equal(info.getSupportsconfig(), false);
    assert.deepEqual(answer(served(), "configure", {}), [
      {
        code: grpc.status.PERMISSION_DENIED,
        message: "this policy pack takes no configuration: remove --policy-pack-config",
      },
    ]);
  });

  it("passes on the failure to report its info", () => {
    const error = new Error("broken");
    const broken = serve({
      analyze: () => undefined,
      configure: () => undefined,
      getAnalyzerInfo: (_call, callback) => {
        callback(error, undefined);
      },
    });
    assert.deepEqual(answer(broken, "getAnalyzerInfo", {}), [error, undefined]);
  });

  it("leaves any other service as it is", () => {
    for (const missing of ["analyze", "getAnalyzerInfo", "configure"]) {
      const some = ["analyze", "getAnalyzerInfo", "configure"].filter((name) => name !== missing);
      const other = Object.fromEntries(some.map((name) => [name, () => undefined]));
      assert.equal(serve(other), other);
    }
  });
});

describe("The JUnit file of the policy checks", () => {
  it("has a test for every preview, with all that is wrong with it", () => {
    assert.equal(
      junit([
        { name: "a", milliseconds: 1234, problems: [] },
        { name: "c", milliseconds: 0, problems: [] },
        { name: "b & <c>", milliseconds: 5, problems: ["\u0000first\u001f", 'second "x"'] },
      ]),
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="policy" tests="3" failures="1" errors="0" skipped="0" time="1.239">
  <testsuite name="policy" tests="3" failures="1" errors="0" skipped="0" time="1.239">
    <testcase classname="policy" name="a" time="1.234"/>
    <testcase classname="policy" name="c" time="0.000"/>
    <testcase classname="policy" name="b &amp; &lt;c&gt;" time="0.005"><failure message="first">first
second &quot;x&quot;</failure></testcase>
  </testsuite>
</testsuites>
`,
    );
  });

  it("has every text as XML can hold it", () => {
    assert.equal(escapeMarkup(`&<>"'\t\n\r a`), "&amp;&lt;&gt;&quot;&#39;\t\n\r a");
    assert.equal(escapeMarkup("\u0000\u0008\u000b\u000c\u000e\u001f\ufffe\uffff \ud7ff"), " \ud7ff");
  });
});
