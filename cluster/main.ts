import { clusterName } from "./descriptor";
import { clusterDown, clusterStatus, clusterUp } from "./index";
import { layoutOf } from "./layout";
import { NODES, type NodeName, type RootPropagation } from "./options";
import { existsSync } from "node:fs";

const USAGE = `usage: npm run cluster -- COMMAND
  up [--root w2=private] [--network 198.18.7.0/24]   start the embedded cluster, or what is missing of it
  down         stop it and remove everything of it
  status       what runs; exit code 0 if all is well, else 1
  kubeconfig   print the path of the administrator's kubeconfig
FUSE_TEST_CLUSTER names another cluster than "default".`;

interface UpArguments {
  readonly roots: Partial<Record<NodeName, RootPropagation>>;
  readonly network?: string;
}

function parseUp(argv: readonly string[]): UpArguments {
  let parsed: UpArguments = { roots: {} };
  for (let index = 0; index < argv.length; index += 2) {
    const option = argv[index] ?? "";
    const value = argv[index + 1] ?? "";
    const [node, root] = value.split("=");
    const known = NODES.find((name) => name === node);
    if (option === "--network") parsed = { ...parsed, network: value };
    else if (option === "--root" && known !== undefined && (root === "shared" || root === "private")) {
      parsed = { ...parsed, roots: { ...parsed.roots, [known]: root } };
    } else throw new Error(`"${option} ${value}" is not understood\n${USAGE}`);
  }
  return parsed;
}

async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  const name = clusterName();
  const log = (line: string) => process.stderr.write(`${line}\n`);
  switch (command ?? "") {
    case "up": {
      const start = Date.now();
      const { kubeconfig } = await clusterUp({ name, log, ...parseUp(rest) });
      log(`cluster ${name} is up (${((Date.now() - start) / 1000).toFixed(1)} s); kubeconfig: ${kubeconfig}`);
      return 0;
    }
    case "down":
      await clusterDown({ name, log });
      return 0;
    case "status":
      return await printStatus(name);
    case "kubeconfig": {
      const { kubeconfig } = layoutOf(name);
      if (!existsSync(kubeconfig))
        throw new Error(`the cluster "${name}" is not up. Start it: npm run cluster -- up`);
      process.stdout.write(`${kubeconfig}\n`);
      return 0;
    }
    default:
      throw new Error(USAGE);
  }
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

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
