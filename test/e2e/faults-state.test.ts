import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterApi } from "../support/clients";
import {
  deploy,
  destroyCleanly,
  newRun,
  stackForFaults,
  UNASKED,
  untilEnded,
  words,
} from "../support/faults";
import { type PrivateMounts, privateMounts } from "../support/private-mounts";
import type { TestStack } from "../support/stack";

/** Everything of the test on the cluster, by its uid and version: what is written to is another version. */
async function objects(): Promise<string[]> {
  const core = clusterApi();
  const namespace = "fuse-test";
  const lists = await Promise.all([
    core.listNamespacedPod({ namespace }),
    core.listNamespacedConfigMap({ namespace }),
    core.listNamespace({ fieldSelector: `metadata.name=${namespace}` }),
  ]);
  return lists.flatMap(({ items }) =>
    items.map(
      ({ metadata }) => `${metadata?.name ?? ""} ${metadata?.uid ?? ""} ${metadata?.resourceVersion ?? ""}`,
    ),
  );
}

/** The state of the stack, in the file of its backend. */
const stateFile = (folder: string): string => join(folder, ".pulumi", "stacks", "fuse-test", "local.json");

const REFUSED = "pulumi: the state cannot be used, and nothing was changed: ";

describe("a state that cannot be read or kept", function () {
  this.timeout(180_000);

  describe("of a test that is deployed", () => {
    let stack: TestStack;

    before(async () => {
      stack = await stackForFaults();
      await deploy(stack);
      await untilEnded(["fuse-consumer", "fuse-control"]);
    });

    after(async () => {
      await stack.remove();
    });

    /** Asserts that commands fail with the same words, and change nothing on the cluster. */
    async function assertRefused(
      { pulumi }: Pick<TestStack, "pulumi">,
      said: RegExp,
      commands: readonly string[] = ["up", "destroy"],
    ): Promise<void> {
      const before = await objects();
      assert.ok(before.length > 3);
      for (const command of commands) {
        const refused = await pulumi(command, ...UNASKED);
        assert.notEqual(refused.code, 0, command);
        assert.match(words(refused), said, command);
      }
      assert.deepEqual(await objects(), before);
    }

    it("is left as it is, and the mistake named, with a wrong passphrase", async () => {
      const wrong = stack.within({ environment: { PULUMI_CONFIG_PASSPHRASE: "wrong" } });
      await assertRefused(wrong, /^error: .*incorrect passphrase$/m);
    });

    it("is left as it is, and the file named, where the state is damaged; and nothing is lost", async () => {
      const file = stateFile(stack.folder);
      const whole = readFileSync(file);
      writeFileSync(file, whole.subarray(0, whole.length / 2));
      try {
        const named = `${file} is damaged \\(.*\\)\\. The state before the last change is in ${file}\\.bak\\. Restore it: `;
        await assertRefused(
          stack,
          new RegExp(`^pulumi: the state cannot be used, and nothing was changed: ${named}`),
        );
      } finally {
        writeFileSync(file, whole);
      }
    });

    it("is left as it is, and the folder named, where the state is read-only", async () => {
      const readOnly = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"';
      const mounts = await privateMounts(readOnly, join(stack.folder, ".pulumi"));
      try {
        const named = `${join(stack.folder, ".pulumi")} cannot be written \\(EROFS\\)\\. `;
        await assertRefused(stack.within(mounts), new RegExp(`^${REFUSED}${named}`));
      } finally {
        await mounts.end();
      }
    });

    it("can be destroyed when it is as it was", async () => {
      await destroyCleanly(stack, "wrong passphrase, damaged and read-only state");
    });
  });

  describe("on a disk that runs full", () => {
    let mounts: PrivateMounts;
    let stack: TestStack;
    let backend: string;

    before(async () => {
      const folder = mkdtempSync(join(tmpdir(), "fuse-test-full-"));
      backend = join(folder, ".pulumi");
      mkdirSync(backend);
      mounts = await privateMounts('mount -t tmpfs -o size=16m none "$1"', backend);
      stack = await stackForFaults({ folder, surroundings: mounts });
    });

    after(async () => {
      try {
        await stack.remove();
      } finally {
        await mounts.end();
      }
    });

    it("says so in the middle of an up, and destroys everything when there is room again", async () => {
      newRun(stack);
      const up = stack.start("up", ...UNASKED);
      await up.printed(/Pod fuse-test-producer creating/);
      await mounts.sh('cat /dev/zero >"$1"/filler', backend);
      const full = await up.ended;
      assert.notEqual(full.code, 0);
      assert.match(words(full), /no space left on device/);
      for (const command of ["up", "destroy"]) {
        const again = await stack.pulumi(command, ...UNASKED);
        assert.equal(again.code, 1);
        assert.match(
          words(again),
          new RegExp(`^${REFUSED}the disk of ${backend} is full: .*\\. Free some space\n$`),
        );
      }
      await mounts.sh('rm "$1"/filler', backend);
      await destroyCleanly(stack, "the state's disk full in the middle of up");
    });
  });
});
