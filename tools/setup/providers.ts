import { existsSync } from "node:fs";
import { join } from "node:path";
import { pulumiHome } from "./paths";

/** A provider plugin that the program uses. */
export interface Provider {
  readonly name: string;
  /** The version of the npm package with the same name. */
  readonly version: string;
  readonly program: string;
  /** Folder in which the engine keeps the plugin, below this project's own home. */
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

/** Pulumi's own provider everywhere: downloaded, or built from its module by `tools/setup/provider`. */
export const KUBERNETES_PROVIDER = provider("kubernetes", "4.25.0");

/** Pulumi's own provider, or `tools/plugins/command` in its place if that cannot be downloaded. */
export const COMMAND_PROVIDER = provider("command", "1.2.1");

/** The providers that the program uses. */
export const PROVIDERS: readonly Provider[] = [KUBERNETES_PROVIDER, COMMAND_PROVIDER];

/** Program of the Node.js language host, which is in the same folder as the engine. */
export const LANGUAGE_HOST = "pulumi-language-nodejs";

/** Returns true if a provider's program is where the engine looks for it. */
export function providerPresent(provider: Provider): boolean {
  return existsSync(join(provider.folder(), provider.program));
}
