import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PrivateMounts, privateMounts } from "../support/private-mounts";

const pods = join(__dirname, "..", "..", "pods");

/**
 * Starts a driver that waits for an answer of its own mount, as go-fuse does when it starts, and kills it there: a link
 * of what it serves leads back to its mount. Prints its process id.
 */
const killWaitingDriver = `
mkdir "$1/source" "$1/mount"
rclone mount "$1/source" "$1/mount" --copy-links --dir-cache-time 0s --config "" >"$1/log" 2>&1 &
driver=$!
until grep -q " $1/mount .* - fuse" /proc/self/mountinfo; do sleep 0.05; done
ln -s "$1/mount/deeper" "$1/source/loop"
ls "$1/mount" >/dev/null 2>&1 &
until grep -Eq "fuse_lock_inode|request_wait_answer" /proc/$driver/task/*/wchan; do sleep 0.05; done
kill -KILL $driver
echo $driver
`;

const endIt = `
SCRATCH=$1
. "$3/common.sh"
. "$3/killed-driver.sh"
killed_but_running "$2" && echo "killed, and runs"
end_killed_driver "$2" "$1/mount"
killed_but_running "$2" || echo "ended"
ls "$1/mount"
`;

describe("a driver that was killed while it waited for its own mount", function () {
  this.timeout(60_000);
  let folder: string;
  let mounts: PrivateMounts;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-killed-"));
    mounts = await privateMounts("true");
  });

  after(async () => {
    await mounts.sh('umount -l "$1/mount"', folder);
    await mounts.end();
    rmSync(folder, { recursive: true });
  });

  it("is ended by an abort of its connection, and its readers get an error", async () => {
    const killed = await mounts.sh(killWaitingDriver, folder);
    const driver = killed.stdout.trim();
    assert.match(driver, /^\d+$/, killed.stderr);
    const { stdout, stderr } = await mounts.sh(endIt, folder, driver, pods);
    assert.equal(stdout, "killed, and runs\nended\n");
    assert.match(stderr, /Transport endpoint is not connected|Software caused connection abort/);
  });
});
