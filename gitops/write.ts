import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFolder } from "../tools/create-folder.cjs";
import { UserError } from "../tools/command-line/user-error";

/** The beginning of every file that is rendered. */
const RENDERED = "# Rendered by `npm run render";

/**
 * Writes files into a folder, all or none of them.
 * @throws UserError if a file is there that was not rendered: it belongs to the user.
 */
export function writeRendered(folder: string, files: Readonly<Record<string, string>>): void {
  const foreign = Object.keys(files).find((path) => {
    const file = join(folder, path);
    return existsSync(file) && !readFileSync(file, "utf8").startsWith(RENDERED);
  });
  if (foreign !== undefined)
    throw new UserError(
      `${join(folder, foreign)} is there already: expected no such file, or one that begins with "${RENDERED}". Nothing was written. Name another folder, or move the file`,
    );
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    createFolder(dirname(file));
    writeFileSync(file, text);
  }
}
