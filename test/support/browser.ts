import { type Browser, chromium } from "playwright-core";
import { existsSync } from "node:fs";
import { installPackages } from "../../tools/setup/apt";

const PROGRAM = "/usr/bin/chromium";

/** What a browser would otherwise ask of the network by itself. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a headless Chromium, which is installed if it is missing. */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(PROGRAM)) {
    await installPackages({
      packages: [{ name: "chromium", programs: ["chromium"] }],
      log: (line) => void process.stdout.write(`${line}\n`),
    });
  }
  return chromium.launch({ executablePath: PROGRAM, args: QUIET });
}
