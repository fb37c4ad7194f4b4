import { clusterDown, clusterUp } from "../../tools/cluster";
import { clusterName } from "../../tools/cluster/descriptor";
import { checkName } from "../../tools/cluster/options";
import { choiceArgument, newCommand } from "../../tools/command-line/command";
import { abortOnInterrupt } from "../../tools/command-line/interrupt";
import { requireLinux, USE_OWN_CLUSTER } from "../../tools/command-line/linux";
import { ending, INTERRUPTED, runCommand } from "../../tools/command-line/run";
import { ensureToolchain } from "../../tools/setup";
import { describeVerdict } from "../../verdict/describe";
import { type Fault, type FaultName, FAULTS } from "./faults";
import { play } from "./play";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Lists the faults by name, each with its title and verdict, for the help. */
function listFaults(): string {
  const width = Math.max(...Object.keys(FAULTS).map(({ length }) => length));
  return Object.entries(FAULTS)
    .map(([name, { title, verdict, cause }]) => `  ${name.padEnd(width)}  ${title}: ${verdict} ${cause}`)
    .join("\n");
}

async function show(fault: Fault, name: FaultName): Promise<number> {
  requireLinux("npm run demo", USE_OWN_CLUSTER);
  const cluster = checkName(`${clusterName()}-demo`);
  print(`${name}: ${fault.title}`);
  await ensureToolchain({ log: print });
  // From here on an interrupt does not exit before the cluster is removed.
  const signal = abortOnInterrupt(() => {
    print("stopping: the demo's cluster is taken down");
  });
  const isStopped = (): boolean => signal.aborted;
  try {
    // An earlier demo that was killed may have left its cluster.
    await clusterDown({ name: cluster, log: () => undefined });
    if (isStopped()) return 1;
    const descriptor = await clusterUp({ name: cluster, log: print, roots: { w1: "private", w2: "shared" } });
    if (isStopped()) return 1;
    const verdict = await play({ cluster: descriptor, fault, run: `demo-${name}`, print, signal });
    if (isStopped()) return 1;
    print(`\n${describeVerdict(verdict)}`);
    return verdict.verdict === fault.verdict && verdict.cause === fault.cause ? 0 : 1;
  } finally {
    await clusterDown({ name: cluster, log: print });
  }
}

const command = newCommand({
  name: "npm run demo --",
  summary:
    "Causes a failure that real nodes have, on an embedded cluster of its own, shows the verdict on it, and removes the cluster. The report stays in reports/. Needs root.",
  statuses: `0 the verdict names the cause, 1 it does not, 2 for a mistake in the command line, ${INTERRUPTED}`,
  examples: ["npm run demo -- private-root", "npm run demo -- hung-daemon"],
})
  .addArgument(choiceArgument("<cause>", "what goes wrong, see below", Object.keys(FAULTS)))
  .addHelpText("after", `\nCauses, with the verdict on each:\n${listFaults()}`)
  .action(ending((name: FaultName) => show(FAULTS[name], name)));

// A status by process.exit: watches that are being closed must not keep the process alive.
void runCommand(command, { failureStatus: 1, afterInterrupt: "" }).then(() => process.exit());
