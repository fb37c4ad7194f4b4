import { randomBytes } from "node:crypto";
import { log } from "../rpc/engine";
import type { Limits, Provider, Target } from "../rpc/provider";
import { asSecret, hasSecret, type Properties, revealAll, UNKNOWN, type Value } from "../rpc/values";
import { execute, idle } from "./execute";
import { checkInputs, diffInputs, inputsOf } from "./inputs";

const LOCAL_COMMAND = "command:local:Command";

/** Version of the official plugin that this one imitates. */
const VERSION = "1.2.1";

/** Number of random bytes that make a command's id unique. */
const ID_BYTES = 4;

function refuse(what: string): string {
  return `${what} needs Pulumi's own command plugin; this one runs ${LOCAL_COMMAND} alone. Install it: pulumi plugin install resource command ${VERSION}`;
}

function requireLocal({ type }: Target): void {
  if (type !== LOCAL_COMMAND) throw new Error(refuse(type));
}

function text(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Returns the previous command's output, for the environment of the next; nothing if it printed nothing. */
function previousOutput(inputs: Properties, olds: Properties): Record<string, string> {
  if (inputs.addPreviousOutputInEnv === false) return {};
  return Object.fromEntries(
    (["stdout", "stderr"] as const).flatMap((stream): [string, string][] => {
      const printed = text(olds[stream]);
      return printed === undefined || printed === ""
        ? []
        : [[`PULUMI_COMMAND_${stream.toUpperCase()}`, printed]];
    }),
  );
}

/** Returns the interpreter of a command line: the shell if none is given, or an empty list. */
function interpreterOf({ interpreter }: Properties): string[] {
  const words = (interpreter ?? []) as string[];
  return words.length === 0 ? ["/bin/sh", "-c"] : words;
}

function shows(logging: Value | undefined, stream: "stdout" | "stderr"): boolean {
  return logging === undefined || logging === stream || logging === "stdoutAndStderr";
}

/** Returns a signal that is aborted at the resource's time limit, or when the engine cancels the operation. */
function limit({ timeout, cancelled }: Limits): AbortSignal {
  return timeout > 0 ? AbortSignal.any([cancelled, AbortSignal.timeout(timeout * 1000)]) : cancelled;
}

async function runCommand(
  commandLine: string,
  { target, news, olds, limits }: { target: Target; news: Properties; olds: Properties; limits: Limits },
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const inputs = revealAll(news);
  const lines: Promise<void>[] = [];
  const output = await execute({
    commandLine,
    interpreter: interpreterOf(inputs),
    environment: {
      ...(inputs.environment as object | undefined),
      ...previousOutput(inputs, revealAll(olds)),
    },
    folder: text(inputs.dir),
    standardInput: text(inputs.stdin),
    cancelled: limit(limits),
    onLine: (stream, message) => {
      if (!shows(inputs.logging, stream) || message === "") return;
      lines.push(log({ urn: target.urn, message, severity: "info", ephemeral: false }));
    },
  });
  await Promise.all(lines);
  return output;
}

/** Outputs made from secrets are secrets. */
function outputs(inputs: Properties, printed: Properties): Properties {
  const secret = hasSecret(inputs);
  return {
    ...inputs,
    ...Object.fromEntries(
      Object.entries(printed).map(([key, value]) => [key, secret ? asSecret(value) : value]),
    ),
  };
}

/** Returns the provider of `command:local:Command`. */
export function commandProvider(): Provider {
  return {
    version: VERSION,
    check: (target, news) => {
      requireLocal(target);
      return { inputs: inputsOf(news), failures: checkInputs(news) };
    },
    diff: (target, { olds, oldInputs, news }) => {
      requireLocal(target);
      return diffInputs(Object.keys(oldInputs).length > 0 ? oldInputs : olds, news);
    },
    create: async (target, { news, preview, ...limits }) => {
      const id = `${target.name}${randomBytes(ID_BYTES).toString("hex")}`;
      if (preview) return { id, properties: outputs(news, { stdout: UNKNOWN, stderr: UNKNOWN }) };
      const commandLine = text(revealAll(news).create);
      if (commandLine === undefined) return { id, properties: outputs(news, { stdout: "", stderr: "" }) };
      const printed = await runCommand(commandLine, { target, news, olds: {}, limits });
      return { id, properties: outputs(news, { ...printed }) };
    },
    read: (_target, { id, properties, inputs }) => Promise.resolve({ id, properties, inputs }),
    update: async (target, { olds, news, preview, ...limits }) => {
      if (preview) return outputs(news, { stdout: UNKNOWN, stderr: UNKNOWN });
      const { create, update = create } = revealAll(news);
      const commandLine = text(update);
      if (commandLine === undefined) {
        return outputs(news, { stdout: olds.stdout ?? "", stderr: olds.stderr ?? "" });
      }
      return outputs(news, { ...(await runCommand(commandLine, { target, news, olds, limits })) });
    },
    delete: async (target, { olds, ...limits }) => {
      const commandLine = text(revealAll(olds).delete);
      if (commandLine === undefined) return;
      await runCommand(commandLine, { target, news: inputsOf(olds), olds, limits });
    },
    refuseInvoke: (token) => refuse(token === "" ? "this call" : `the function ${token}`),
    idle,
  };
}
