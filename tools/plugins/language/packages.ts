import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";

/** A plugin that an npm package needs. */
export interface RequiredPackage {
  readonly name: string;
  readonly version: string;
  readonly server: string;
}

/** An npm package that the program has. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
}

const manifestSchema = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
  pulumi: z
    .object({
      resource: z.boolean().optional(),
      name: z.string().optional(),
      version: z.string().optional(),
      server: z.string().optional(),
    })
    .optional(),
});

type Manifest = z.infer<typeof manifestSchema>;

function readManifest(folder: string): Manifest | undefined {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  } catch {
    return undefined;
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Returns the folders of all packages below a program's nearest node_modules folders, nested ones included. */
function packageFolders(folder: string): string[] {
  return foldersIn(join(folder, "node_modules")).flatMap((entry) => {
    const name = entry.slice(dirname(entry).length + 1);
    if (name.startsWith(".")) return [];
    const packages = name.startsWith("@") ? foldersIn(entry) : [entry];
    return packages.flatMap((found) => [found, ...packageFolders(found)]);
  });
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

function manifestsOf(folder: string): Manifest[] {
  return ancestors(folder)
    .flatMap(packageFolders)
    .flatMap((found) => readManifest(found) ?? []);
}

/** Returns the plugin that a package's `package.json` asks for, if any. */
export function requiredPackage(manifest: Manifest): RequiredPackage | undefined {
  if (manifest.pulumi?.resource !== true) return undefined;
  const name = manifest.pulumi.name ?? manifest.name?.replace(/^@pulumi\//u, "");
  const version = manifest.pulumi.version ?? manifest.version;
  if (name === undefined || version === undefined) return undefined;
  return { name, version: `v${version.replace(/^v/u, "")}`, server: manifest.pulumi.server ?? "" };
}

/** Returns the plugins that a program's installed packages need. */
export function requiredPackages(folder: string): RequiredPackage[] {
  const found = manifestsOf(folder).flatMap((manifest) => requiredPackage(manifest) ?? []);
  return [...new Map(found.map((needed) => [`${needed.name}@${needed.version}`, needed])).values()];
}

/** Returns the packages that a program names itself, or all that are installed for it. */
export function dependencies(folder: string, transitive: boolean): Dependency[] {
  const own = readManifest(folder);
  const direct = new Set(Object.keys({ ...own?.dependencies, ...own?.devDependencies }));
  return manifestsOf(folder).flatMap(({ name, version }) =>
    name !== undefined && version !== undefined && (transitive || direct.has(name))
      ? [{ name, version }]
      : [],
  );
}
