import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "..", "pods");
const driverFolder = join(folder, "drivers");

/** Returns the names of the drivers: one file each in pods/drivers. */
export function driverNames(): string[] {
  return readdirSync(driverFolder)
    .filter((file) => file.endsWith(".sh"))
    .map((file) => file.slice(0, -".sh".length))
    .sort();
}

/** Returns the pods' programs by the file names that the pods see. */
export function programs(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".sh")))
    files[file] = readFileSync(join(folder, file), "utf8");
  for (const name of driverNames()) {
    files[`driver-${name}.sh`] = readFileSync(join(driverFolder, `${name}.sh`), "utf8");
  }
  return files;
}

/** Returns a short hash of values, such as the programs: pods are replaced when it changes. */
export function hashOf(values: Readonly<Record<string, unknown>>): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 16);
}
