import { join, resolve } from "node:path";

/** The folder of this project. */
export const PROJECT_FOLDER = join(__dirname, "../..");

/**
 * Returns the absolute path of a file that the user has named. npm runs every script in the project's folder, and passes
 * the user's working directory in INIT_CWD.
 */
export function fromPerson(
  path: string,
  env: NodeJS.ProcessEnv = process.env,
  folder = process.cwd(),
): string {
  const here = env.INIT_CWD;
  return resolve(folder === PROJECT_FOLDER && here !== undefined && here !== "" ? here : folder, path);
}
