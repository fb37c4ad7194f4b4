import { parseArgs } from "node:util";

/** How the verdict command is used by itself. */
export const usage = `usage: npm run verdict -- [options]
Judges a test whose pods are there already, whoever started it.
  --kubeconfig FILE   the cluster; without it, what kubectl would use
  --context NAME      a context of the kubeconfig
  --namespace NAME    where the pods are (default: fuse-test)
  --run ID            the run, as in the label fuse-test/run (default: the youngest)
  --node NAME         the node that the test was meant for (default: the pods' node)
  --timeout SECONDS   how long to wait for something decisive (default: 120)
  --reports FOLDER    where the report goes (default: reports)
  --json              print the whole verdict as JSON
Exit status: 0 SUCCESS, 1 FAILURE, 2 ERROR.`;

/** A mistake on the command line, told in one line. */
export class UsageError extends Error {}

/** What the command line asks for. */
export interface CommandLine {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string;
  readonly run: string | undefined;
  readonly node: string | undefined;
  readonly timeoutSeconds: number;
  readonly reports: string;
  readonly json: boolean;
  readonly help: boolean;
}

const options = {
  kubeconfig: { type: "string" },
  context: { type: "string" },
  namespace: { type: "string", default: "fuse-test" },
  run: { type: "string" },
  node: { type: "string" },
  timeout: { type: "string", default: "120" },
  reports: { type: "string", default: "reports" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const name = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,251}[A-Za-z0-9])?$/;

/**
 * Reads the command line.
 * @throws UsageError in one line
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { kubeconfig, context, namespace, run, node, timeout, reports, json, help } = parse(args);
  for (const [option, value] of Object.entries({ namespace, run, node })) {
    if (value !== undefined && !name.test(value))
      throw new UsageError(
        `--${option} is ${JSON.stringify(value.slice(0, 100))}: expected a name, such as ${option === "node" ? "w2" : "fuse-test"}`,
      );
  }
  const timeoutSeconds = Number(timeout);
  if (!/^\d+$/.test(timeout) || timeoutSeconds < 1 || timeoutSeconds > 86_400)
    throw new UsageError(
      `--timeout is ${JSON.stringify(timeout.slice(0, 100))}: expected whole seconds from 1 to 86400`,
    );
  return { kubeconfig, context, namespace, run, node, timeoutSeconds, reports, json, help };
}
