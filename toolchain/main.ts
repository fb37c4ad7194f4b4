import { describeToolchain, ensureEngine, ensureToolchain } from "./index";

const USAGE = "usage: npm run setup [-- engine]   (engine: only what a cluster of your own needs)";

const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(args: readonly string[]): Promise<void> {
  const [part] = args;
  if (args.length > 1 || (part !== undefined && part !== "engine")) throw new Error(USAGE);
  const chosen = part === "engine" ? { engine: await ensureEngine({ log }) } : await ensureToolchain({ log });
  for (const line of describeToolchain(chosen)) log(line);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
