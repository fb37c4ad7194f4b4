/** Source of a tool (installed, downloaded or built), and why better ones were rejected. */
export type Choice<Installed> =
  | { readonly source: "installed"; readonly found: Installed }
  | { readonly source: "downloaded"; readonly base: string; readonly reason: string }
  | { readonly source: "built"; readonly reason: string };

/** Returns the addresses of releases that the environment names, separated by spaces, or else the official ones. */
export function releaseAddresses(variable: string, official: readonly string[]): readonly string[] {
  const given = process.env[variable]?.split(/\s+/).filter((address) => address !== "") ?? [];
  return (given.length > 0 ? given : official).map((address) => address.replace(/\/+$/, ""));
}

/** Downloads if a release can be reached, and builds otherwise; `probe` downloads something small of it. */
export async function downloadOrBuild(options: {
  readonly addresses: readonly string[];
  readonly probe: (base: string) => Promise<unknown>;
  /** Why no installed program is used. */
  readonly reason: string;
}): Promise<Choice<never>> {
  const reasons = [options.reason];
  for (const base of options.addresses) {
    try {
      await options.probe(base);
      return { source: "downloaded", base, reason: reasons.join("; ") };
    } catch (error) {
      reasons.push(`the download failed: ${(error as Error).message}`);
    }
  }
  return { source: "built", reason: reasons.join("; ") };
}
