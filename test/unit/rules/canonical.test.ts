import assert from "node:assert/strict";
import { deployerManifests } from "../../../policy/admission/deployer";
import { guardManifests } from "../../../policy/admission/guard";
import { canonical } from "../../../policy/rules/canonical";
import { check } from "../../../policy/rules/check";
import { OBJECTS } from "../../../policy/rules/expected-objects";
import { exactly, forbidden, object, optional, required, server } from "../../../policy/rules/schema";
import { isFields, isList, snapshot, UNKNOWN, type Value } from "../../../policy/rules/snapshot";
import { consumer, control, examined, producer } from "../../policy/cases/fixtures";
import { linesOf } from "./violation-lines";

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const own: readonly Named[] = [
  ...[producer, consumer, control, ...examined],
  ...guardManifests().flatMap(({ policy, binding }) => [policy, binding]),
  ...deployerManifests(),
];

function violations(manifest: Named, props: Value): string[] {
  const known = OBJECTS.find(({ kind, name }) => kind === manifest.kind && name === manifest.metadata.name);
  assert.ok(known, `${manifest.kind} ${manifest.metadata.name}`);
  return linesOf(check(props, known.shape, { path: "", topic: "resource" }));
}

/** The same object as Kubernetes' types write it: an empty list and an empty text are left out. */
function converted(value: Value): Value {
  if (isList(value)) return value.map(converted);
  if (!isFields(value)) return value;
  const kept = Object.entries(value).filter(([, one]) => one !== "" && !(isList(one) && one.length === 0));
  return Object.fromEntries(kept.map(([key, one]) => [key, converted(one)]));
}

/** The same object with a null and an empty list in every object of it. */
function padded(value: Value): Value {
  if (isList(value)) return value.map(padded);
  if (!isFields(value)) return value;
  const fields = Object.entries(value).map(([key, one]): [string, Value] => [key, padded(one)]);
  return Object.fromEntries([...fields, ["aNull", null], ["anEmptyList", []]]);
}

/** Every object with one field more, at each depth. */
function* extended(value: Value): Generator<Value> {
  if (isList(value)) {
    for (const [index, item] of value.entries()) {
      for (const one of extended(item)) yield value.map((old, at) => (at === index ? one : old));
    }
  } else if (isFields(value)) {
    yield { ...value, somethingElse: 1 };
    for (const [key, item] of Object.entries(value)) {
      for (const one of extended(item)) yield { ...value, [key]: one };
    }
  }
}

describe("The canonical form", () => {
  it("is without the namespace that the provider gives to what has none, and with any other", () => {
    const inNamespace = (manifest: Named, namespace: string): Value =>
      snapshot({ ...manifest, metadata: { ...manifest.metadata, namespace } });
    for (const { policy, binding } of guardManifests()) {
      for (const manifest of [policy, binding]) {
        assert.deepEqual(violations(manifest, inNamespace(manifest, "default")), []);
        assert.equal(violations(manifest, inNamespace(manifest, "kube-system")).length, 1);
      }
    }
    for (const pod of [producer, consumer, control])
      assert.notDeepEqual(violations(pod, inNamespace(pod, "default")), []);
  });

  it("is without nulls and empty lists, at any depth, and keeps everything else", () => {
    const value: Value = {
      a: null,
      b: [],
      c: { d: [], e: {}, f: "", g: false, h: 0 },
      i: [{}, null, [], { j: null }],
      k: UNKNOWN,
    };
    assert.deepEqual(canonical(value), {
      c: { e: {}, f: "", g: false, h: 0 },
      i: [{}, null, [], {}],
      k: UNKNOWN,
    });
  });

  for (const manifest of own) {
    const name = `${manifest.kind} ${manifest.metadata.name}`;

    it(`of ${name} is right as it is, converted to Kubernetes' types and back, and with what is read as absent`, () => {
      const props = snapshot(manifest);
      assert.deepEqual(violations(manifest, props), []);
      assert.deepEqual(violations(manifest, converted(props)), []);
      assert.deepEqual(violations(manifest, padded(props)), []);
    });

    it(`of ${name} is wrong with anything else`, () => {
      // An administrator chooses the subjects of the rights, and nothing else.
      const open = (one: Value): boolean =>
        JSON.stringify(one).includes('"subjects":[{"kind":"Group","name"');
      for (const one of extended(snapshot(manifest))) {
        const inSubjects = open(one) && /"apiGroup":"[^"]*","somethingElse":1\}\]/.test(JSON.stringify(one));
        if (!inSubjects) assert.notDeepEqual(violations(manifest, one), [], JSON.stringify(one));
      }
    });
  }

  it("has an empty object for absent where a field need not be there, and nowhere else", () => {
    const shape = object({ a: required(object({})), b: optional(exactly(1)), c: server(exactly(1)) });
    const at = { path: "", topic: "resource" } as const;
    assert.deepEqual(check({ a: {}, b: {}, c: {} }, shape, at), []);
    assert.deepEqual(linesOf(check({ b: {} }, shape, at)), ["resource a: nothing, not an object"]);
    assert.deepEqual(linesOf(check({ d: {} }, object({ d: forbidden("node") }), at)), [
      "node d: {}, not that it is not set",
    ]);
    assert.deepEqual(linesOf(check({ e: {} }, object({}), at)), ["resource e: {}, not that it is not set"]);
  });

  it("of a quantity is what Kubernetes writes for any that the configuration takes", () => {
    const amount = (memory: string) => ({
      ...producer,
      spec: {
        ...producer.spec,
        containers: producer.spec.containers.map((one) => ({
          ...one,
          resources: { requests: { cpu: "500u", memory }, limits: { cpu: "1500m", memory } },
        })),
      },
    });
    for (const memory of ["64M", "1Gi", "107374182400m", "20n", "3Ti", "1"]) {
      assert.deepEqual(violations(producer, snapshot(amount(memory))), [], memory);
    }
    for (const memory of ["-1Gi", "1GiB", "", "Gi", "1e3\n"]) {
      assert.notDeepEqual(violations(producer, snapshot(amount(memory))), [], JSON.stringify(memory));
    }
  });
});
