import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { listFolder } from "../../../tools/setup/files";
import { lock } from "../../../tools/lock.cjs";
import { until } from "../../support/waiting";
import { makeCheckout } from "./bare-checkout";
import { writeProgram } from "./programs";
import { inFolder } from "./support";

const INSTALLING = "bootstrap: installing the npm packages that package-lock.json names\n";

/** How the bootstrap is interrupted. */
interface Way {
  readonly title: string;
  readonly signals: readonly NodeJS.Signals[];
  /** True if the signal goes to the whole process group, as from a terminal. */
  readonly terminal?: boolean;
  /** What npm does at a signal. */
  readonly onSignal: string;
  readonly status: number;
}

const WAYS: readonly Way[] = [
  { title: "Ctrl-C", signals: ["SIGINT"], terminal: true, onSignal: "exit 1", status: 130 },
  { title: "SIGINT to it alone", signals: ["SIGINT"], onSignal: "exit 1", status: 130 },
  { title: "SIGTERM", signals: ["SIGTERM"], onSignal: "exit 0", status: 143 },
  { title: "a closed terminal", signals: ["SIGHUP"], terminal: true, onSignal: "exit 1", status: 129 },
  { title: "a second Ctrl-C", signals: ["SIGINT", "SIGINT"], terminal: true, onSignal: ":", status: 130 },
];

interface Checkout {
  readonly folder: string;
  /** Makes npm wait in an installation of the lock's package or of the others. */
  readonly waitIn: (installation: "lock" | "others", onSignal: string) => void;
  readonly start: () => ReturnType<typeof startBootstrap>;
}

function startBootstrap(folder: string) {
  const child = spawn(process.execPath, [join(folder, "tools/bootstrap.cjs"), "script.ts"], {
    env: { PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}` },
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const ended = Promise.all([
    once(child, "close") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]).then(([[status], stdout, stderr]) => ({ status, stdout, stderr }));
  return { child, ended };
}

/** Makes a checkout whose npm waits until it is interrupted, and notes its process and each signal. */
function inCheckout(use: (checkout: Checkout) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    makeCheckout(folder);
    const bin = join(folder, "bin", "npm");
    const usual = readFileSync(bin, "utf8").replace("#!/bin/sh\n", "");
    await use({
      folder,
      waitIn: (installation, onSignal) => {
        const here = installation === "lock" ? "*locking*" : `"${folder}"`;
        writeProgram(
          bin,
          `case $PWD in ${here}) if [ ! -e ${folder}/go-on ]; then`,
          `  for name in INT TERM HUP; do trap "echo $name >> ${folder}/received; ${onSignal}" $name; done`,
          // It waits without starting programs: a shell may lose a signal while it starts one.
          `  rm -f ${folder}/silence; mkfifo ${folder}/silence; exec 3<> ${folder}/silence`,
          "  mkdir -p node_modules/half; echo $$ > " +
            `${folder}/npm.new; mv ${folder}/npm.new ${folder}/npm`,
          "  while :; do read -r line <&3; done",
          "fi ;; esac",
          usual,
        );
      },
      start: () => startBootstrap(folder),
    });
  });
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Resolves to true if a file is there. */
function isThere(file: string): Promise<boolean> {
  return Promise.resolve(existsSync(file));
}

/** Resolves to true if a file has a whole line. */
function isWritten(file: string): Promise<boolean> {
  return Promise.resolve(existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
}

describe("The bootstrap, interrupted", function () {
  this.timeout(30_000);

  for (const installation of ["lock", "others"] as const)
    for (const { title, signals, terminal = false, onSignal, status } of WAYS)
      it(`by ${title} while npm installs ${installation === "lock" ? "the lock's package" : "the packages"}: says so in one line, stops npm, and can be run again`, () =>
        inCheckout(async ({ folder, waitIn, start }) => {
          waitIn(installation, onSignal);
          const { child, ended } = start();
          assert.ok(child.pid !== undefined);
          await until("npm waits", 10, () => isThere(join(folder, "npm")));
          for (const [index, signal] of signals.entries()) {
            process.kill(terminal ? -child.pid : child.pid, signal);
            if (index === 0) await until("npm has the signal", 10, () => isWritten(join(folder, "received")));
          }
          const [first = ""] = signals;
          assert.deepEqual(await ended, {
            status,
            stdout: "",
            stderr: `${INSTALLING}bootstrap: interrupted (${first}). Run the command again: it installs the packages first\n`,
          });
          assert.equal(readFileSync(join(folder, "received"), "utf8"), `${first.replace("SIG", "")}\n`);
          assert.equal(runs(Number(readFileSync(join(folder, "npm"), "utf8"))), false);
          const left = listFolder(join(folder, "tools", "locking"));
          assert.deepEqual(
            left.filter((name) => name.startsWith(".unfinished-")),
            [],
          );
          writeFileSync(join(folder, "go-on"), "");
          assert.deepEqual(await start().ended, { status: 5, stdout: "\n", stderr: INSTALLING });
        }));

  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    it(`by ${signal} while it waits for another installation, says so in one line and exits at once`, () =>
      inCheckout(async ({ folder, start }) => {
        const release = await lock({
          file: join(folder, "dist", "install.lock"),
          waiting: () => undefined,
          timeoutMilliseconds: 1000,
        });
        try {
          const { child, ended } = start();
          let said = "";
          child.stderr.on("data", (chunk: Buffer) => {
            said += chunk.toString();
          });
          await until("it waits", 10, () => Promise.resolve(said.includes("waiting")));
          child.kill(signal);
          assert.deepEqual(await ended, {
            status,
            stdout: "",
            stderr:
              `${INSTALLING}bootstrap: another process is installing the npm packages; waiting\n` +
              `bootstrap: interrupted (${signal}). Run the command again: it installs the packages first\n`,
          });
        } finally {
          release();
        }
      }));

  it("by Ctrl-C while the command is bundled, says so in one line, and can be run again", () =>
    inCheckout(async ({ folder, start }) => {
      assert.equal((await start().ended).status, 5);
      const bundler = join(folder, "tools", "bundle.cjs");
      const usual = readFileSync(bundler, "utf8");
      writeFileSync(
        bundler,
        `require("fs").writeFileSync("${folder}/bundles", ""); setInterval(() => {}, 1000);`,
      );
      const { child, ended } = start();
      assert.ok(child.pid !== undefined);
      await until("it bundles", 10, () => isThere(join(folder, "bundles")));
      process.kill(-child.pid, "SIGINT");
      assert.deepEqual(await ended, {
        status: 130,
        stdout: "",
        stderr: "interrupted (SIGINT). Run the command again\n",
      });
      rmSync(bundler);
      writeFileSync(bundler, usual);
      assert.deepEqual(await start().ended, { status: 5, stdout: "\n", stderr: "" });
    }));
});
