import type { StackSettings } from "../kube/cluster-choice";
import { NAMESPACE } from "../policy/rules/allowlist";
import { gitopsManifests, gitopsNamespaceManifests, withRunOfContent } from "../manifests/gitops";
import { argocdManifests, forArgocd } from "./argocd";
import { fluxManifests } from "./flux";
import { operatorManifests } from "./operator";
import { documents, kustomizationFile } from "./yaml";
import { UserError } from "../tools/command-line/user-error";

/** The controller that applies the manifests. */
export const FLAVOURS = ["flux", "argocd", "operator", "plain"] as const;
export type Flavour = (typeof FLAVOURS)[number];

/** Choices besides the test's own settings. */
export interface RenderOptions {
  readonly flavour: Flavour;
  /** The command that renders the files again, for their header. */
  readonly command: string;
  /** Name of Pulumi's stack, for the operator. */
  readonly stack: string;
  /** URL of the git repository. */
  readonly repository: string;
  /** Name of Flux's GitRepository. */
  readonly source: string;
  /** Branch of the repository. */
  readonly branch: string;
  /** Path of the rendered folder in the repository, without a slash at either end. */
  readonly path: string;
  /** True if the test runs as soon as what is outside it is applied. */
  readonly enabled: boolean;
}

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Returns the files of a folder: one for each object, and a kustomization that lists all but those of one kind. */
function folder(
  name: string,
  header: string,
  objects: readonly object[],
  unlisted?: string,
): [string, string][] {
  const files = objects.map((object): [string, string] => {
    const { kind, metadata } = object as Named;
    return [`${kind}-${metadata.name}.yaml`.toLowerCase(), documents(header, [object])];
  });
  const names = objects.flatMap((object, index) =>
    (object as Named).kind === unlisted ? [] : [files[index]?.[0] ?? ""],
  );
  return [["kustomization.yaml", kustomizationFile(header, names)] as [string, string], ...files].map(
    ([file, text]) => [`${name}/${file}`, text],
  );
}

/**
 * Returns the files by which GitOps deploys the test, by their path: the test in `test`, and what is applied outside it in
 * a folder that is named after the controller. The same settings and options give the same bytes.
 * @throws UserError if the test is not for its own namespace.
 */
export function testFiles(
  { pods, settings }: Pick<StackSettings, "pods" | "settings">,
  options: RenderOptions,
): Record<string, string> {
  if (pods.namespace !== NAMESPACE)
    throw new UserError(
      `the namespace is ${pods.namespace}: expected ${NAMESPACE}, to which the deployer's rights are limited. Set fuse-test:namespace to it`,
    );
  const { flavour, path, enabled, repository, source, branch, stack } = options;
  const header = `# Rendered by \`${options.command}\` from the manifests of the program: change the options, and render it again.\n`;
  const test = gitopsManifests(withRunOfContent(pods));
  const inRepository = `${path === "" || path === "." ? "" : `${path}/`}test`;
  const files = (): [string, string][] => {
    switch (flavour) {
      case "plain":
        return folder("test", header, [...gitopsNamespaceManifests(pods), ...test]);
      case "flux":
        return [
          ...folder("test", header, test),
          ...folder("flux", header, fluxManifests(pods, { source, path: `./${inRepository}`, enabled })),
        ];
      case "argocd":
        return [
          ...folder("test", header, test.map(forArgocd)),
          ...folder(
            "argocd",
            header,
            argocdManifests(pods, { repository, revision: branch, path: inRepository, enabled }),
          ),
        ];
      case "operator":
        return folder(
          "operator",
          header,
          operatorManifests(settings, { repository, branch, stack }),
          enabled ? undefined : "Stack",
        );
    }
  };
  return Object.fromEntries(files().sort(([a], [b]) => (a < b ? -1 : 1)));
}
