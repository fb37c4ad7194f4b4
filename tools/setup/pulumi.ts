import { createFolder } from "../create-folder.cjs";
import { backendFolder, engineEnvironment, ownBackend, readEngine } from "../paths";

/**
 * Returns the path of the `pulumi` program that setup chose.
 * @throws Error in one line that names `npm run setup`, if it has not been run.
 */
export function pulumiBinary(env: NodeJS.ProcessEnv = process.env): string {
  return readEngine(env).bin;
}

/**
 * Returns a whole environment for the engine: the given one, and this project's home, file backend, passphrase and PATH
 * unless they are set. Creates the folder of the file backend, for its owner alone.
 * @throws Error in one line that names `npm run setup`, if it has not been run.
 */
export function pulumiEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const added = engineEnvironment(readEngine(env), env);
  if (added.PULUMI_BACKEND_URL === ownBackend(env)) {
    createFolder(backendFolder(env), 0o700);
  }
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(given), ...added };
}
