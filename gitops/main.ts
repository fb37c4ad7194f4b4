import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderedFiles } from "./render";

for (const [path, text] of Object.entries(renderedFiles())) {
  const file = join(__dirname, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`gitops/${path}\n`);
}
