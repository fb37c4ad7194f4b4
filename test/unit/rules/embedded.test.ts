import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { describesTest, embedded } from "../../../policy/rules/embedded";
import type { Value } from "../../../policy/rules/snapshot";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const text = "kind: Pod\nmetadata: {name: a-name-that-is-long-enough}\n";
const pod: Value = { kind: "Pod", metadata: { name: "a-name-that-is-long-enough" } };

function documents(from: string): readonly Value[] {
  return embedded(from).documents;
}

describe("The content of a text", () => {
  it("is its documents, if it is YAML or JSON as a whole", () => {
    assert.deepEqual(embedded(text), { documents: [pod], whole: true, unread: false, describing: false });
    assert.deepEqual(embedded(`- 1\n---\n${JSON.stringify(pod)}`), {
      documents: [[1], pod],
      whole: true,
      unread: false,
      describing: false,
    });
  });

  it("is nothing, if it has no structure", () => {
    for (const plain of ["", "a word", "a: [", "x".repeat(50), "--- a\n--- b"]) {
      assert.deepEqual(documents(plain), [], plain);
      assert.equal(embedded(plain).whole, false, plain);
      assert.equal(embedded(plain).unread, false, plain);
    }
  });

  it("is read in part, if some of its documents have errors or no structure", () => {
    assert.deepEqual(embedded(`${text}---\nb: [\n`), {
      documents: [pod],
      whole: false,
      unread: false,
      describing: false,
    });
    assert.deepEqual(embedded(`${text}---\nonly a text\n`), {
      documents: [pod],
      whole: false,
      unread: false,
      describing: false,
    });
  });

  it("has the values that Kubernetes reads", () => {
    const yaml = "a: !!binary YWJj\nb: [!!binary YWJj]\nc: 2001-01-01\nd: !!set {x, z}\ne: null\nf: yes\n";
    const [read] = documents(yaml);
    assert.deepEqual(read, {
      a: "abc",
      b: ["abc"],
      c: "2001-01-01T00:00:00.000Z",
      d: ["x", "z"],
      e: null,
      f: true,
    });
  });

  it("is read through Base64, in lines, compressed and several times over", () => {
    for (const wrapped of [
      base64(text),
      ` ${base64(text)}\n`,
      base64(text).replaceAll(/(.{20})/g, "$1\n"),
      base64(base64(text)),
      base64(base64(base64(base64(text)))),
      gzipSync(text).toString("base64"),
      Buffer.from(text).toString("base64url"),
    ]) {
      assert.deepEqual(documents(wrapped), [pod], wrapped);
    }
  });

  it("ends, however often it is in Base64, and whatever the bytes are", () => {
    const five = [1, 2, 3, 4, 5].reduce((inner) => base64(inner), text);
    assert.deepEqual(documents(five), []);
    const gzip = gzipSync(text);
    for (const bytes of [Buffer.alloc(60, 0xff), gzip.subarray(0, -9), gzipSync("x".repeat(2_000_001))]) {
      assert.deepEqual(documents(bytes.toString("base64")), []);
    }
    assert.deepEqual(documents(base64("a: 1")), [], "a word that happens to be Base64");
  });

  it("includes the texts that a script gives to its programs", () => {
    for (const script of [
      `kubectl apply -f - <<E\n${text}E\n`,
      `cat <<-'END' | kubectl apply -f -\n${text}\tEND\necho done: [\n`,
      `{ a; } <<"X_1"\n${text}X_1\n`,
      `a <<A\nx: [\nA\nb <<B\n${text}B\n`,
    ]) {
      assert.deepEqual(documents(script).at(-1), pod, script);
      assert.equal(embedded(script).whole, false);
    }
    assert.deepEqual(documents(`a <<E\n${text.replace("a-name", "E-name")}nothing: [`), []);
  });

  it("includes the output of a template", () => {
    for (const template of [
      `{{- if .Values.x }}\n${text}{{- end }}\n`,
      `{{ a }} {{ b }}\n${text}`,
      `{{ define\n "x" }}\n${text}`.replace("{{ define\n", "{{/* a\n comment */}}{{ define"),
    ]) {
      assert.ok(JSON.stringify(documents(template)).includes("a-name-that-is-long-enough"), template);
    }
    assert.deepEqual(documents("{{ if a }}\nkind: {{ .k }}-y\n{{ end }}"), [{ kind: "x-y" }]);
  });

  it("is not read beyond a limit, which is reported if it could contain a manifest", () => {
    const deep = (name: string) => `${name}: ${"[".repeat(201)}${"]".repeat(201)}`;
    const braces = (name: string) => `${name}: ${'{"a":'.repeat(201)}1${"}".repeat(201)}`;
    const aliases = (name: string) => `a: &a x\n${name}: [${Array(1100).fill("*a").join(", ")}]`;
    const long = (name: string) => `${name}: ${"x".repeat(2_000_000)}`;
    for (const grow of [deep, braces, aliases, long]) {
      assert.deepEqual(embedded(grow("b")), {
        documents: [],
        whole: false,
        unread: false,
        describing: false,
      });
      for (const name of ["kind", "Volumes", "hostPath", "mounts", "cont\\u0061iners"]) {
        assert.equal(embedded(grow(name)).unread, true, name);
      }
    }
    assert.equal(embedded(deep("? !!binary a\n")).unread, true);
    const inTemplate = `{{ if x }}\n${aliases("kind")}\n{{ end }}`;
    assert.equal(embedded(inTemplate).unread, true);
  });

  it("includes the quotations of a script, and the output of printf", () => {
    const read = { kind: "Pod", metadata: { name: "x" } };
    for (const script of [
      `echo '${JSON.stringify(read)}' | kubectl apply -f -`,
      "printf 'kind: Pod\\nmetadata: {name: x}\\n' | kubectl apply -f - [",
      `sh -c "kubectl apply -f - <<E\nkind: Pod\nmetadata: {name: x}\nE\n" [`,
    ]) {
      const found = documents(script).map((one) => JSON.stringify(one));
      assert.ok(found.includes(JSON.stringify(read)), script);
    }
  });

  it("is decoded if it is Base64 of at least 40 characters, and of UTF-8", () => {
    const shortest = "kind: Pod\nmetadata: {name: ab}";
    assert.equal(base64(shortest).length, 40);
    assert.deepEqual(documents(base64(shortest)), [{ kind: "Pod", metadata: { name: "ab" } }]);
    assert.deepEqual(documents(base64("kind: Pod\nmetadata: {x: ab}")), []);
    const notText = Buffer.concat([Buffer.from(text), Buffer.from([0xff])]);
    assert.deepEqual(documents(notText.toString("base64")), []);
  });

  it("is unread if it has more here documents than are read, and could contain a manifest", () => {
    const script = (name: string) => `a: [\n${"<<E ".repeat(201)}\n${name}\nE\n`;
    assert.equal(embedded(script("kind")).unread, true);
    assert.equal(embedded(script("nothing")).unread, false);
  });

  it("is unread if it is longer than what is left of the limit for all texts together", () => {
    assert.deepEqual(embedded(text, 4, { characters: text.length }).documents, [pod]);
    const { documents: none, unread } = embedded(text, 4, { characters: text.length - 1 });
    assert.deepEqual([none, unread], [[], true]);
    const budget = { characters: 1000 };
    embedded(text, 4, budget);
    assert.equal(budget.characters, 1000 - text.length);
  });

  it("describes a FUSE test if a Base64 word of a script does", () => {
    const inner = base64("mknod /dev/fuse c 10 229 && sleep 1000000 && echo done");
    assert.equal(embedded(`echo ${inner} | base64 -d | sh`).describing, true);
    assert.equal(embedded(`echo ${base64("a text of no interest that is long enough")} [`).describing, false);
  });

  it("is read up to a limit", () => {
    for (const open of [199, 200]) {
      const [read] = documents(`a: ${"[".repeat(open)}${"]".repeat(open)}`);
      assert.ok(read);
    }
    assert.equal(documents(`a: ${"x".repeat(2_000_000 - 3)}`).length, 1);
    assert.deepEqual(documents(`a: &a x\nb: [${Array(900).fill("*a").join(", ")}]`).length, 1);
    assert.equal(embedded(`a: ${"[]".repeat(300)}`).unread, false);
  });
});

describe("A text that is not parsed", () => {
  const describing = [
    ...["mountPropagation: Bidirectional", 'mount_propagation = "Bidirectional"'],
    ...['{"path": "/x/mountPropagation", "value": "Bidirectional"}', "'mountPropagation':'Bidirectional'"],
    ...["mountPropagation: !!str Bidirectional", "mountPropagation: !local Bidirectional"],
    ...["mountPropagation: ! Bidirectional", "mountPropagation: |\n  Bidirectional"],
    ...["mountPropagation: >-\n  Bidirectional", "mountPropagation: |2  \n  Bidirectional"],
    ...["mountPropagation: # why\n  Bidirectional", "mountPropagation:\n# why\n  Bidirectional"],
    ...['{a: "b # c", mountPropagation: Bidirectional}', "{a: 'b # c', mountPropagation: Bidirectional}"],
    `{a: "it's # c", mountPropagation: Bidirectional}`,
    ...["{a: b#c, mountPropagation: Bidirectional}", "{a: b#c d, mountPropagation: Bidirectional}"],
    ...['{a: "b", mountPropagation: # c\n Bidirectional}', "{a: 'b', mountPropagation: # c\n Bidirectional}"],
    `{a: 'say "x', mountPropagation: # c\n Bidirectional}`,
    ...['mountPropagation: "\\u0042idirectional"', 'mountPropagation: "\\x42idirectional"'],
    '{\\"mountPropagation\\": \\"\\\\u0042idirectional\\"}',
    ...["open /dev/fuse", "/dev/misc/fuse", "/dev/./fuse", "/dev//fuse", "/dev/.//./fuse"],
    ...["/dev/char/10:229", "ls /tmp/fuse-test-bridge/x", "/tmp/./fuse-test-bridge"],
    ...["/proc/12/root/tmp/fuse-test-bridge", "/proc/self/cwd/tmp/fuse-test-bridge"],
  ];
  for (const text of describing) {
    it(`describes a FUSE test: ${JSON.stringify(text)}`, () => {
      assert.equal(describesTest(text), true);
    });
  }

  const others = [
    ...["", "fuse", "Bidirectional", "mountPropagationBidirectional"],
    ...["mountPropagation: HostToContainer", "mountPropagation: # Bidirectional"],
    ...["mountPropagation: x # Bidirectional", "/dev/fusectl", "/dev/fuse-x"],
    ...["/dev/fuse.d", "/dev/char/10:2290", "/tmp/fuse-test-bridge-other", "x/tmp/fuse-test-bridge"],
    ...["/proc/1/fd/tmp/fuse-test-bridge", "/proc/1 2/root/tmp/fuse-test-bridge"],
  ];
  for (const text of others) {
    it(`does not describe one: ${JSON.stringify(text)}`, () => {
      assert.equal(describesTest(text), false);
    });
  }
});
