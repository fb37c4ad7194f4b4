import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigurationError, projectValues, readSettings } from "../../config/settings";

const image = "docker.io/rclone/rclone:1.71.2";

function problemsOf(values: Record<string, string>): readonly string[] {
  try {
    readSettings(values);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.problems;
  }
  return [];
}

describe("configuration", () => {
  it("has a default for everything but the image of a foreign cluster", () => {
    assert.deepEqual(readSettings({ image }), {
      cluster: "kubeconfig",
      image,
      node: "w2",
      namespace: "fuse-test",
      driver: "rclone",
      hostPath: "/tmp/fuse-test-bridge",
      timeoutSeconds: 120,
      failOn: "never",
      suite: "standard",
      guard: false,
      keepNamespace: false,
      run: "1",
      tolerations: [
        { key: "node.longhorn.io/storage", operator: "Equal", value: "enabled", effect: "NoSchedule" },
      ],
      resources: {
        producer: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
        consumer: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
      },
    });
  });

  it("takes the run id that was last asked for, unless the stack names one", () => {
    assert.equal(readSettings({ image }, "again").run, "again");
    assert.equal(readSettings({ image, run: "named" }, "again").run, "named");
  });

  it("names every problem at once, each with an example of a right value", () => {
    const problems = problemsOf({
      image,
      node: "W2",
      timeoutSeconds: "soon",
      failOn: "always",
      colour: "red",
    });
    assert.deepEqual(problems, [
      'fuse-test:node is "W2": expected the name of a Node object. Example: w2',
      'fuse-test:timeoutSeconds is "soon": expected a whole number of seconds from 5 to 1500. Example: 120',
      'fuse-test:failOn is "always": expected never, failure or error. Example: failure',
      "fuse-test:colour is unknown. Known: cluster, kubeconfig, context, node, namespace, image, driver, hostPath, timeoutSeconds, failOn, suite, guard, keepNamespace, run, tolerations, resources",
    ]);
  });

  const wrong: Record<string, string> = {
    node: "w2 ",
    namespace: "Fuse-Test",
    image: "rclone latest",
    driver: "sshfs",
    hostPath: "/tmp/fuse-test-bridge/../..",
    timeoutSeconds: "1.5",
    suite: "all",
    keepNamespace: "yes",
    run: "-1",
    tolerations: '[{"operator":"Exists"}]',
    resources: '{"producer":{}}',
    cluster: "docker",
  };
  for (const [key, value] of Object.entries(wrong)) {
    it(`refuses ${value} as ${key}`, () => {
      const [problem, ...others] = problemsOf({ image, [key]: value });
      assert.match(problem ?? "", new RegExp(`^fuse-test:${key} is `));
      assert.deepEqual(others, []);
    });
  }

  it("refuses a kubeconfig beside the embedded cluster", () => {
    assert.deepEqual(problemsOf({ cluster: "embedded", kubeconfig: "/etc/config", context: "home" }), [
      "fuse-test:kubeconfig cannot be combined with fuse-test:cluster embedded, which has its own kubeconfig. Remove one of them",
      "fuse-test:context cannot be combined with fuse-test:cluster embedded, which has its own kubeconfig. Remove one of them",
    ]);
  });

  it("refuses a kubeconfig's content in its path's place, and does not repeat it", () => {
    for (const content of ["apiVersion: v1\nusers:\n- user: {token: word}", '{"users":[{"token":"word"}]}']) {
      assert.deepEqual(problemsOf({ image, kubeconfig: content }), [
        `fuse-test:kubeconfig is a text of ${content.length} characters: expected the path of a kubeconfig. Example: ~/.kube/config`,
      ]);
    }
    for (const path of ["~/.kube/config", "/home/a user/config", "config.yaml"])
      assert.equal(readSettings({ image, kubeconfig: path }).kubeconfig, path);
  });

  it("asks for an image on a foreign cluster", () => {
    assert.deepEqual(problemsOf({}), [
      `fuse-test:image is missing: expected an image, by version or by digest. Example: ${image}`,
    ]);
  });

  it("never throws anything but a configuration error, whatever it is given", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (values) => {
        try {
          readSettings(values);
        } catch (error) {
          assert.ok(error instanceof ConfigurationError);
        }
      }),
    );
  });

  it("picks the project's own keys out of everything that Pulumi hands on", () => {
    assert.deepEqual(projectValues({ "fuse-test:node": "w2", "kubernetes:namespace": "x" }, "fuse-test"), {
      node: "w2",
    });
  });
});
