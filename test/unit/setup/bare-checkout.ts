import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeProgram } from "./programs";

const REPOSITORY = join(__dirname, "..", "..", "..");
const LOCKING = join(REPOSITORY, "tools/locking");

/** A lockfile that names one package besides esbuild. */
export function lockfile(version: string): string {
  const packages = {
    "": {},
    "node_modules/esbuild": { version: "1.0.0" },
    "node_modules/other": { version },
  };
  return JSON.stringify({ packages });
}

/** A checkout with nothing but the bootstrap, a script, and an npm that notes what it is asked for. */
export function makeCheckout(folder: string): void {
  cpSync(join(REPOSITORY, "tools/bootstrap.cjs"), join(folder, "tools/bootstrap.cjs"));
  const others = ["broken-pipe", "child", "create-folder", "load", "bundle", "lock", "packages"];
  for (const file of others.map((name) => `${name}.cjs`)) {
    cpSync(join(REPOSITORY, "tools", file), join(folder, "tools", file));
  }
  const locking = join(folder, "tools", "locking");
  mkdirSync(locking);
  for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
    cpSync(join(LOCKING, file), join(locking, file));
  }
  writeFileSync(join(folder, "package-lock.json"), lockfile("1.0.0"));
  writeFileSync(join(folder, "script.ts"), "console.log(process.argv.slice(2).join('|')); process.exit(5);");
  mkdirSync(join(folder, "asked"));
  writeProgram(
    join(folder, "bin", "npm"),
    // The lock has packages of its own.
    "case $PWD in *locking*)",
    `  cp -r "${LOCKING}/node_modules" .; echo lock > "${folder}/asked/$$"`,
    `  if mkdir "${folder}/first" 2>/dev/null; then : > node_modules/of-the-first; exit; fi`,
    "  polls=0",
    `  until [ -e "${locking}/node_modules" ] || [ $polls -ge 200 ]; do polls=$((polls + 1)); sleep 0.05; done`,
    "  exit ;;",
    "esac",
    `echo "$*" > "${folder}/asked/$$"`,
    "sleep 0.3",
    "mkdir -p node_modules",
    `ln -sfn ${join(REPOSITORY, "node_modules/esbuild")} node_modules/esbuild`,
    "cp package-lock.json node_modules/.package-lock.json",
  );
}
