import assert from "node:assert/strict";
import { startDaemon, stopDaemon } from "../../tools/cluster";
import { readDescriptor } from "../../tools/cluster/descriptor";
import { readSettings } from "../../config/settings";
import { cleanRequest } from "../../protocol/cleanup-request-of";
import { sweepNode } from "../../cleanup/sweep";
import { openApi } from "../support/api";
import { deploy, destroyCleanly, stackForFaults, words } from "../support/faults";
import { leftovers } from "../support/leftovers";
import { E2E_CLUSTER } from "../support/names";
import { onNode } from "../support/nodes";
import type { TestStack } from "../support/stack";

const BRIDGE = "/tmp/fuse-test-bridge";

/** Runs the janitor as it is run beside a verdict. @returns what it reports. */
async function sweep(): Promise<readonly string[]> {
  const { kubeconfig, image } = readDescriptor(E2E_CLUSTER);
  const settings = readSettings({ cluster: "embedded" });
  const pods = { ...settings, image, imagePullPolicy: "Never" } as const;
  const printed: string[] = [];
  const request = cleanRequest({ pods, hostPath: BRIDGE, access: { kubeconfig }, keepNamespace: false });
  await sweepNode(request, [], (line) => void printed.push(line));
  return printed;
}

/** Runs a program of the node's shell. */
function shell(program: string): Promise<string> {
  return onNode("w2", ["sh", "-c", program]);
}

describe("what an earlier run left on the node", function () {
  this.timeout(240_000);
  let stack: TestStack;
  let mounts: readonly string[];

  before(async () => {
    stack = await stackForFaults();
    const { run } = await deploy(stack);
    mounts = [`w2:${BRIDGE}/${run}/mount`];
  });

  after(async () => {
    await stack.remove();
  });

  it("is not touched while its pods are in the API", async () => {
    assert.deepEqual(await sweep(), []);
    assert.deepEqual((await leftovers(E2E_CLUSTER)).mounts, mounts);
  });

  it("is removed and reported beside the verdict of another run, its mounts and its directory", async () => {
    const at = `${BRIDGE}/gone`;
    await shell(`mkdir -p ${at}/mount ${at}/signals /tmp/source && touch ${at}/signals/mounted-gone`);
    await shell(`bindfs /tmp/source ${at}/mount && kill -KILL $(pidof bindfs)`);
    await shell("rmdir /tmp/source");
    const up = await deploy(stack);
    mounts = [`w2:${BRIDGE}/${up.run}/mount`];
    assert.match(words(up), /removed 1 mount of an earlier run at \/tmp\/fuse-test-bridge on w2/);
    assert.match(words(up), /the directory of an earlier run on w2: \/tmp\/fuse-test-bridge\/gone/);
    assert.deepEqual((await leftovers(E2E_CLUSTER)).mounts, mounts);
    assert.equal(await shell(`ls ${BRIDGE}`), `${up.run}\n`);
  });

  it("is left and named while a producer runs in it whose pod is no longer in the API, and then removed", async () => {
    const at = `${BRIDGE}/elsewhere`;
    await shell(`mkdir -p ${at}/signals && mkfifo ${at}/signals/producer-elsewhere`);
    await shell(
      `setsid sh -c 'exec 8<>${at}/signals/producer-elsewhere; exec sleep 1234' >/dev/null 2>&1 </dev/null &`,
    );
    try {
      const [line = "", ...others] = await sweep();
      assert.match(
        line,
        /^left on w2, because a producer whose pod is no longer in the API still runs in it: \/tmp\/fuse-test-bridge\/elsewhere\. /,
      );
      assert.deepEqual(others, []);
      assert.equal(await shell(`ls ${at}`), "signals\n");
    } finally {
      await shell("kill $(pgrep -f '^sleep 1234$')");
    }
    assert.deepEqual(await sweep(), [
      "removed the directory of an earlier run on w2: /tmp/fuse-test-bridge/elsewhere",
    ]);
  });

  it("is not looked for through symlinks, and what is not the test's is left and named", async () => {
    await shell(`mkdir -p /tmp/private/signals && ln -s /tmp/private ${BRIDGE}/link`);
    await shell(
      `mkdir -p ${BRIDGE}/mine/examination && ln -s /tmp/private ${BRIDGE}/mine/examination/reverse`,
    );
    await shell(`touch -d '1 hour ago' ${BRIDGE}/mine && mkdir ${BRIDGE}/.hidden`);
    try {
      const printed = await sweep();
      for (const path of ["link", "mine/examination/reverse", ".hidden"])
        assert.ok(
          printed.some((line) =>
            line.startsWith(`left on w2, because it is not the test's: ${BRIDGE}/${path} (`),
          ),
          printed.join("\n"),
        );
      assert.equal(await shell("ls /tmp/private"), "signals\n");
      assert.deepEqual((await leftovers(E2E_CLUSTER)).mounts, mounts);
    } finally {
      await shell(`rm ${BRIDGE}/link ${BRIDGE}/mine/examination/reverse`);
      await shell(`rmdir ${BRIDGE}/mine/examination ${BRIDGE}/mine ${BRIDGE}/.hidden`);
      await shell("rmdir /tmp/private/signals /tmp/private");
    }
  });

  it("is waited for by a destroy where a kubelet that was away has yet to end it, and then is gone", async () => {
    const { kubeconfig } = readDescriptor(E2E_CLUSTER);
    await stopDaemon(E2E_CLUSTER, "kubelet-w2");
    try {
      const forced = ["delete", "pods", "--all", "--namespace", "fuse-test", "--force", "--grace-period=0"];
      const deleted = await openApi(kubeconfig).kubectl(forced);
      assert.ok(deleted.allowed, deleted.message);
      assert.deepEqual((await leftovers(E2E_CLUSTER)).mounts, mounts);
    } finally {
      await startDaemon(E2E_CLUSTER, "kubelet-w2");
    }
    await destroyCleanly(stack, "pods that the API did not know any more");
  });
});
