import { join } from "node:path";
import { choiceArgument, newCommand } from "../tools/command-line/command";
import { fromPerson } from "../tools/command-line/folder";
import { ending, INTERRUPTED, runCommand } from "../tools/command-line/run";
import { UserError } from "../tools/command-line/user-error";
import { requireConfigured, stackFile, stackOption } from "../commands/stack-name";
import { readSettings } from "../config/settings";
import { readStackFile } from "../config/stack-file";
import { resolveSettings } from "../tools/cluster/resolve-settings";
import { renderedFiles } from "./render";
import { FLAVOURS, type Flavour, type RenderOptions, testFiles } from "./test-files";
import { writeRendered } from "./write";

/** Options whose values go into a stack's settings, by their keys. */
const SETTINGS = ["driver", "image", "node", "run"] as const;

interface Options
  extends
    Partial<Record<(typeof SETTINGS)[number], string>>,
    Pick<RenderOptions, "stack" | "repository" | "source" | "branch" | "path"> {
  readonly enable: boolean;
}

/** Returns the command that renders the same files again. */
function commandOf(flavour: Flavour, options: Options): string {
  const values = Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : typeof value === "string" ? [`--${name} ${value}`] : [],
  );
  return `npm run render -- ${[flavour, "DIR", ...values.sort()].join(" ")}`;
}

function renderTest(flavour: Flavour, folder: string, options: Options): void {
  requireConfigured(options.stack);
  const chosen = Object.fromEntries(
    SETTINGS.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  ) as Record<string, string>;
  const settings = readSettings({ ...readStackFile(stackFile(options.stack)), ...chosen });
  const files = testFiles(resolveSettings(settings), {
    ...options,
    flavour,
    command: commandOf(flavour, options),
    enabled: options.enable,
  });
  writeRendered(fromPerson(folder), files);
  for (const path of Object.keys(files)) process.stdout.write(`${join(folder, path)}\n`);
}

function renderOwn(): void {
  const files = renderedFiles();
  writeRendered(__dirname, files);
  for (const path of Object.keys(files)) process.stdout.write(`gitops/${path}\n`);
}

const command = newCommand({
  name: "npm run render --",
  summary:
    "Renders manifests that run the test by GitOps, or without arguments the files in gitops/, from the manifests of the program.",
  statuses: `0 written, 1 a file cannot be written, 2 for a mistake in the command line, ${INTERRUPTED}`,
  examples: [
    "npm run render -- flux deploy                     # the test in deploy/test, Flux's part in deploy/flux",
    "npm run render -- flux deploy --run 2 --enable    # as another run, and not suspended",
    "npm run render -- plain deploy                    # then: kubectl apply --server-side --kustomize deploy/test",
    "npm run render                                    # then: git diff gitops",
  ],
})
  .addArgument(choiceArgument("[who]", "who applies the manifests", FLAVOURS))
  .argument("[folder]", "where they are written")
  .addOption(stackOption("the stack whose file has the settings").default("homelab"))
  .option("--driver <name>", "another driver than the stack's")
  .option("--image <name>", "another image")
  .option("--node <name>", "another name of the Node object")
  .option("--run <id>", "the run: a new id runs the test again")
  .option("--repository <url>", "the git repository", "https://git.example/homelab.git")
  .option("--branch <name>", "its branch", "main")
  .option("--path <path>", "the path of the folder in the repository", "fuse-test")
  .option("--source <name>", "the GitRepository in namespace flux-system", "flux-system")
  .option("--enable", "run the test as soon as the manifests are applied", false);

command.action(
  ending(() => {
    const [flavour, folder] = command.args;
    if (flavour === undefined) renderOwn();
    else if (folder === undefined)
      throw new UserError(
        `no folder is named: expected one after ${flavour}, such as npm run render -- ${flavour} deploy`,
      );
    else renderTest(flavour as Flavour, folder, command.opts<Options>());
    return 0;
  }),
);

void runCommand(command, { failureStatus: 1, afterInterrupt: "Run it again: npm run render" });
