import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { z } from "zod";
import type { Connection } from "./connection";
import type { Environment } from "./files";
import type { ExecFields } from "./shape";

/** What a credential plugin gave. Certificate and key are PEM. */
export interface PluginCredentials {
  readonly token: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** When the plugin has to be asked again, milliseconds since 1970; undefined means never. */
  readonly expires: number | undefined;
}

/** How long a plugin may take that asks nobody, and one that may ask a person, in milliseconds. */
const PATIENCE = { alone: 60_000, asking: 300_000 } as const;

/** A token is a line at most; an answer that is longer than this many bytes is none. */
const ANSWER_BYTES = 1024 * 1024;

const absent = z
  .string()
  .nullish()
  .transform((value) => (value === "" ? undefined : (value ?? undefined)));

const answerShape = z.object({
  apiVersion: z.string(),
  kind: z.literal("ExecCredential"),
  status: z.object({
    token: absent,
    clientCertificateData: absent,
    clientKeyData: absent,
    expirationTimestamp: z.iso.datetime({ offset: true }).nullish(),
  }),
});

/** A text of others in one line, without a terminal's control sequences. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/gu, " ").trim();
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The program that a command names; one without a slash is looked for in this process's own PATH, as by client-go. */
function findProgram(command: string, { PATH = "" }: Environment): string | undefined {
  if (command.includes("/")) return isProgram(command) ? command : undefined;
  return PATH.split(delimiter)
    .map((folder) => join(folder, command))
    .find(isProgram);
}

/** What a plugin is told, as the `client.authentication.k8s.io` API defines it. */
export function pluginInfo(exec: ExecFields, connection: Connection, interactive: boolean): object {
  const { server, serverName, insecure, authority, ownProxy, disableCompression, pluginConfig } = connection;
  const cluster = {
    server,
    ...(serverName === undefined ? {} : { "tls-server-name": serverName }),
    ...(insecure ? { "insecure-skip-tls-verify": true } : {}),
    ...(authority === undefined
      ? {}
      : { "certificate-authority-data": Buffer.from(authority).toString("base64") }),
    ...(ownProxy === undefined ? {} : { "proxy-url": ownProxy }),
    ...(disableCompression ? { "disable-compression": true } : {}),
    config: pluginConfig ?? null,
  };
  return {
    kind: "ExecCredential",
    apiVersion: exec.apiVersion,
    spec: { ...(exec.provideClusterInfo ? { cluster } : {}), interactive },
  };
}

/** Whether the plugin may use standard input. @throws Error in one line where it must, and there is no terminal. */
function mayAsk({ interactiveMode }: ExecFields): boolean {
  if (interactiveMode === "Never") return false;
  const terminal = process.stdin.isTTY;
  if (interactiveMode === "Always" && !terminal)
    throw new Error("it wants to ask a person (interactiveMode Always), and standard input is no terminal");
  return terminal;
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  program: string,
  exec: ExecFields,
  { environment, interactive }: { readonly environment: Environment; readonly interactive: boolean },
): Promise<Ended> {
  const patience = interactive ? PATIENCE.asking : PATIENCE.alone;
  return new Promise((resolve, reject) => {
    const child = spawn(program, exec.args, {
      env: environment,
      stdio: [interactive ? "inherit" : "ignore", "pipe", "pipe"],
    });
    const printed = { stdout: "", stderr: "" };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`no answer within ${patience / 1000} s`));
    }, patience);
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        // A person is asked on standard error.
        if (interactive && stream === "stderr") process.stderr.write(text);
        if (printed[stream].length < ANSWER_BYTES) printed[stream] += text;
      });
    }
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...printed });
    });
  });
}

/** Reads what a plugin answered; it is not quoted, because it may be a credential. @throws Error in one line */
function parseAnswer(text: string, { apiVersion = "" }: ExecFields): PluginCredentials {
  let answer: z.infer<typeof answerShape>;
  try {
    answer = answerShape.parse(JSON.parse(text));
  } catch {
    throw new Error("it answered with no credentials");
  }
  if (answer.apiVersion !== apiVersion)
    throw new Error(`it answered in another version than ${apiVersion}, which the kubeconfig names`);
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = answer.status;
  if ((clientCertificateData === undefined) !== (clientKeyData === undefined))
    throw new Error("it answered with a certificate or a key, and not with both");
  if (token === undefined && clientCertificateData === undefined)
    throw new Error("it answered with no credentials");
  return {
    token,
    certificate: clientCertificateData,
    key: clientKeyData,
    expires: expirationTimestamp ? Date.parse(expirationTimestamp) : undefined,
  };
}

async function ask(exec: ExecFields, connection: Connection, own: Environment): Promise<PluginCredentials> {
  const interactive = mayAsk(exec);
  const { command = "", env, installHint } = exec;
  const program = findProgram(command, own);
  if (program === undefined) {
    const hint = installHint === undefined ? "" : `: ${oneLine(installHint)}`;
    throw new Error(`there is no such program${hint}`);
  }
  const environment = {
    ...own,
    ...Object.fromEntries(env.map(({ name = "", value }) => [name, value])),
    KUBERNETES_EXEC_INFO: `${JSON.stringify(pluginInfo(exec, connection, interactive))}\n`,
  };
  const { code, signal, stdout, stderr } = await run(program, exec, { environment, interactive });
  if (code === 0) return parseAnswer(stdout, exec);
  const words = stderr
    .split("\n")
    .map(oneLine)
    .find((line) => line !== "");
  throw new Error(words ?? (signal === null ? `exit status ${code ?? 1}` : `ended by ${signal}`));
}

/**
 * Runs the credential plugin of a kubeconfig's user.
 * @throws Error in one line, with the plugin's own first words where it failed
 */
export async function runPlugin(
  exec: ExecFields,
  connection: Connection,
  own: Environment = process.env,
): Promise<PluginCredentials> {
  try {
    return await ask(exec, connection, own);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the credential plugin ${exec.command ?? ""} of user ${JSON.stringify(connection.user)} failed: ${words}`,
    );
  }
}
