import { join } from "node:path";
import { pulumiHome } from "./paths";

/** A provider plugin that the program uses. */
export interface Provider {
  readonly name: string;
  /** The version of the npm package with the same name. */
  readonly version: string;
  readonly program: string;
  /** Where the engine keeps the plugin, below this project's own home. */
  readonly folder: () => string;
}

function provider(name: string, version: string): Provider {
  return {
    name,
    version,
    program: `pulumi-resource-${name}`,
    folder: () => join(pulumiHome(), "plugins", `resource-${name}-v${version}`),
  };
}

/** The providers that the program uses. */
export const PROVIDERS: readonly Provider[] = [
  provider("kubernetes", "4.34.2"),
  provider("command", "1.2.1"),
];

/** Program of the language host, which lies beside the engine. */
export const LANGUAGE_HOST = "pulumi-language-nodejs";
