import { existsSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { newCommand, newSubcommand } from "../command-line/command";
import { suggest } from "../command-line/nearest";
import { requireLinux, USE_OWN_CLUSTER } from "../command-line/linux";
import { ending, INTERRUPTED, runCommand } from "../command-line/run";
import { UserError } from "../command-line/user-error";
import { clusterName } from "./descriptor";
import { clusterDown, clusterStatus, clusterUp } from "./index";
import { layoutOf } from "./layout";
import { networkOf } from "./network";
import { checkName, NODES, type NodeName, type RootPropagation } from "./options";

const log = (line: string): void => void process.stderr.write(`${line}\n`);

const ROOT_CHOICES = NODES.flatMap((node) => [`${node}=shared`, `${node}=private`]);

type ChosenRoots = Partial<Record<NodeName, RootPropagation>>;

/** Adds one `--root NODE=PROPAGATION` to those before it. */
function parseRoot(text: string, before: ChosenRoots): ChosenRoots {
  const [node, root] = text.split("=");
  const known = NODES.find((name) => name === node);
  if (known !== undefined && (root === "shared" || root === "private")) return { ...before, [known]: root };
  throw new InvalidArgumentError(suggest(text, ROOT_CHOICES));
}

/** Returns a network as it was written. @throws InvalidArgumentError if it is no /24. */
function parseNetwork(text: string): string {
  try {
    networkOf(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

/** Returns the cluster's name, which comes from the environment. @throws UserError if it cannot be one. */
function wantedCluster(): string {
  requireLinux("npm run cluster", USE_OWN_CLUSTER);
  try {
    return checkName(clusterName());
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}

async function up(options: { root: ChosenRoots; network?: string }): Promise<number> {
  const name = wantedCluster();
  const start = Date.now();
  const { root, ...network } = options;
  const { kubeconfig } = await clusterUp({ name, log, roots: root, ...network });
  log(`cluster ${name} is up (${((Date.now() - start) / 1000).toFixed(1)} s); kubeconfig: ${kubeconfig}`);
  return 0;
}

async function down(): Promise<number> {
  await clusterDown({ name: wantedCluster(), log });
  return 0;
}

function printKubeconfig(): number {
  const name = wantedCluster();
  const { kubeconfig } = layoutOf(name);
  if (!existsSync(kubeconfig))
    throw new Error(`the cluster "${name}" is not up. Start it: npm run cluster -- up`);
  process.stdout.write(`${kubeconfig}\n`);
  return 0;
}

async function printStatus(name: string): Promise<number> {
  const status = await clusterStatus({ name });
  for (const { name: daemon, pid, paused } of status.daemons) {
    process.stdout.write(
      `${daemon.padEnd(24)}${pid === undefined ? "not running" : `${paused ? "paused" : "running"} (process ${pid})`}\n`,
    );
  }
  for (const { name: node, problem } of status.nodes) {
    process.stdout.write(`${`node ${node}`.padEnd(24)}${problem ?? "ready"}\n`);
  }
  return status.healthy ? 0 : 1;
}

const command = newCommand({
  name: "npm run cluster --",
  summary: "Starts, stops and shows the embedded cluster: the nodes w1 and w2 on this machine. Needs root.",
  statuses: `0 done, 1 something went wrong or is not well, 2 for a mistake in the command line, ${INTERRUPTED}`,
  examples: [
    "npm run cluster -- up                   # start it, or what is missing of it",
    "npm run cluster -- up --root w2=private # with a root on w2 that does not propagate mounts",
    "npm run cluster -- status",
    "kubectl --kubeconfig $(npm run --silent cluster -- kubeconfig) get nodes",
    "FUSE_TEST_CLUSTER=other npm run cluster -- up   # another cluster beside it",
  ],
});

function subcommand(name: string, summary: string): Command {
  const made = newSubcommand(name, summary);
  command.addCommand(made);
  return made;
}

subcommand("up", "start the cluster, or what is missing of it")
  .option(
    "--root <node=propagation>",
    `how a node's root is mounted: ${ROOT_CHOICES.join(", ")}`,
    parseRoot,
    {},
  )
  .option("--network <block>", "a /24 network for the cluster alone, such as 198.18.7.0/24", parseNetwork)
  .action(ending(up));
subcommand("down", "stop it and remove everything of it").action(ending(down));
subcommand("status", "show what runs; exit status 0 if all is well, else 1").action(
  ending(() => printStatus(wantedCluster())),
);
subcommand("kubeconfig", "print the path of the administrator's kubeconfig").action(ending(printKubeconfig));

void runCommand(command, {
  failureStatus: 1,
  afterInterrupt: "Continue: npm run cluster -- up. Or remove what it has started: npm run cluster -- down",
});
