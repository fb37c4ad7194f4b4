import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { RequestListener } from "node:http";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ENGINE_VERSION } from "../../../tools/setup/paths";
import { listFolder } from "../../../tools/setup/files";
import { makeArchive, release } from "./releases";
import { inFolder, sha256, withServer } from "./support";

const project = join(__dirname, "..", "..", "..");

/** A command that gets the tools first. */
interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly says: string;
}

const SETUP: Command = {
  program: "tools/setup/main.ts",
  args: ["engine"],
  says: "npm run setup: interrupted (SIGINT). Continue: npm run setup",
};

const COMMANDS: readonly Command[] = [
  SETUP,
  {
    program: "test/run.ts",
    args: ["lint"],
    says: "npm test: interrupted (SIGINT). Run it again: npm test",
  },
  {
    program: "test/bench/main.ts",
    args: [],
    says: "npm run bench: interrupted (SIGINT). Run it again: npm run bench",
  },
];

/** Runs a command with a release server and an empty cache; `asked` interrupts it as Ctrl-C does. */
async function run(
  { program, args }: Command,
  folder: string,
  answer: (interrupt: () => void) => RequestListener,
): Promise<{ readonly status: number | null; readonly stderr: string }> {
  const started: { pid?: number | undefined } = {};
  const interrupt = (): void => {
    process.kill(-(started.pid ?? assert.fail("the command does not run")), "SIGINT");
  };
  return withServer(answer(interrupt), async (address) => {
    const child = spawn(process.execPath, [join(project, "tools/bootstrap.cjs"), program, ...args], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        FUSE_TEST_CACHE: join(folder, "cache"),
        FUSE_TEST_STATE: join(folder, "state"),
        FUSE_TEST_ENGINE_URL: address,
      },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
    });
    started.pid = child.pid;
    const stderr = text(child.stderr);
    const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { status, stderr: await stderr };
  });
}

/** Lists everything in the cache but the lock, which stays. */
function cached(folder: string): string[] {
  return listFolder(join(folder, "cache")).length === 0
    ? []
    : readdirSync(join(folder, "cache"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .sort();
}

describe("A command that is interrupted while it downloads the engine", function () {
  this.timeout(60_000);

  for (const command of COMMANDS) {
    it(`says so in one line, and leaves nothing: ${command.program}, before the server answers`, () =>
      inFolder(async (folder) => {
        const { status, stderr } = await run(command, folder, (interrupt) => interrupt);
        assert.deepEqual([status, stderr], [130, `${command.says}\n`]);
        assert.deepEqual(cached(folder), ["setup.lock"]);
      }));
  }

  it("takes no half of an archive for a whole one: the next setup downloads it again", () =>
    inFolder(async (folder) => {
      const archive = makeArchive(folder);
      const whole = release(archive, sha256(archive));
      const half = (interrupt: () => void): RequestListener => {
        return (request, answer) => {
          if (request.url?.endsWith(".tar.gz") !== true) {
            whole(request, answer);
            return;
          }
          answer.writeHead(200, { "content-length": archive.length });
          answer.write(archive.subarray(0, archive.length / 2), interrupt);
        };
      };
      const { status, stderr } = await run(SETUP, folder, half);
      assert.deepEqual([status, stderr], [130, `${SETUP.says}\n`]);
      assert.deepEqual(cached(folder), ["setup.lock"]);
      assert.deepEqual(await run(SETUP, folder, () => whole), { status: 0, stderr: "" });
      assert.deepEqual(
        listFolder(join(folder, "cache", "pulumi", "versions", ENGINE_VERSION, "bin")).sort(),
        ["pulumi", "pulumi-language-nodejs"],
      );
    }));
});
