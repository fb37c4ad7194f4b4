import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import type { Connection } from "./connection";
import type { Environment } from "./files";
import { documentIn } from "./parse";
import type { ExecFields } from "./shape";
import { withDeadline } from "./wait";

/** Credentials from a credential plugin. Certificate and key are PEM. */
export interface PluginCredentials {
  readonly token: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** When the plugin must be run again, milliseconds since 1970; undefined means never. */
  readonly expires: number | undefined;
}

/** Time limits of a plugin, in milliseconds: without prompts, and with a prompt that a person must answer. */
const PATIENCE = { alone: 60_000, asking: 300_000 } as const;

/** Size limit of a plugin's answer, in bytes: a token is one line. */
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

/** Returns foreign text as one line, without a terminal's control sequences. */
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

/**
 * Returns the path of a command's program. One without a slash is searched in this process's PATH, as by
 * client-go.
 * @throws Error in one line if PATH leads to it below the current folder, which another user may have written (Go,
 * `os/exec`, ErrDot).
 */
function findProgram(command: string, { PATH = "" }: Environment): string | undefined {
  if (command.includes("/")) return isProgram(command) ? command : undefined;
  const found = PATH.split(delimiter)
    .map((folder) => join(folder, command))
    .find(isProgram);
  if (found !== undefined && !isAbsolute(found))
    throw new Error(
      `it is found relative to the current folder (${found}): remove the relative entry of PATH`,
    );
  return found;
}

/** Returns the input of a plugin, as the `client.authentication.k8s.io` API defines it. */
function pluginInfo(exec: ExecFields, connection: Connection, interactive: boolean): object {
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

/**
 * Returns true if the plugin may use standard input.
 * @throws Error in one line if it requires a terminal and there is none.
 */
function mayPrompt({ interactiveMode }: ExecFields): boolean {
  if (interactiveMode === "Never") return false;
  const terminal = process.stdin.isTTY;
  if (interactiveMode === "Always" && !terminal)
    throw new Error("it requires a terminal (interactiveMode Always), and standard input is not one");
  return terminal;
}

/**
 * Parses a plugin's answer, JSON or YAML, which is not quoted because it may be a credential.
 * @throws Error in one line
 */
function parseAnswer(text: string, { apiVersion = "" }: ExecFields): PluginCredentials {
  let answer: z.infer<typeof answerShape>;
  try {
    answer = answerShape.parse(documentIn(text, "the answer"));
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
  const interactive = mayPrompt(exec);
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
  const limit = interactive ? PATIENCE.asking : PATIENCE.alone;
  const child = execa(program, exec.args, {
    ...{ env: environment, extendEnv: false, reject: false, cleanup: false, killSignal: "SIGKILL" },
    maxBuffer: { stdout: ANSWER_BYTES, stderr: Infinity },
    stdin: interactive ? "inherit" : "ignore",
    // The plugin prompts on standard error.
    stderr: interactive ? ["inherit", "pipe"] : "pipe",
  });
  // Not execa's timeout, which also waits for processes that the plugin started and left running.
  const ended = withDeadline(child, limit, `no answer within ${limit / 1000} s`);
  const { exitCode, signal, stdout, stderr, isMaxBuffer, cause } = await ended.catch((error: unknown) => {
    child.kill();
    throw error;
  });
  if (isMaxBuffer) throw new Error(`it printed more than ${ANSWER_BYTES} bytes`);
  if (exitCode === 0) return parseAnswer(stdout, exec);
  const words = stderr
    .split("\n")
    .map(oneLine)
    .find((line) => line !== "");
  if (words !== undefined) throw new Error(words);
  if (signal !== undefined) throw new Error(`killed by ${signal}`);
  throw exitCode === undefined ? cause : new Error(`exit status ${exitCode}`);
}

/**
 * Runs the credential plugin of a kubeconfig's user.
 * @throws Error in one line, with the first line of the plugin's own message if it failed
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
