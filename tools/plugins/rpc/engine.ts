import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** A line for the user, shown with the resource that it is about. */
export interface LogLine {
  readonly urn: string;
  readonly message: string;
  readonly severity: "info" | "error" | "warning";
  /** True if it is shown as the resource's status only, and left out of the summary at the end. */
  readonly ephemeral: boolean;
}

const SEVERITIES = {
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
} as const;

/** Returns the engine's address: the last argument that does not begin with a dash. */
export function engineAddress(): string {
  return process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "";
}

let client: EngineClient | undefined;
let sent: Promise<void> = Promise.resolve();

/**
 * Sends a line to the engine, after those before it: the engine does not keep the order of concurrent calls.
 * A line that cannot be sent is lost: it never fails an operation.
 */
export async function log(line: LogLine): Promise<void> {
  sent = sent.then(() => send(line));
  return sent;
}

async function send({ urn, message, severity, ephemeral }: LogLine): Promise<void> {
  const address = engineAddress();
  if (address === "") return;
  const engine = (client ??= new EngineClient(address, grpc.credentials.createInsecure()));
  const request = new LogRequest();
  request.setUrn(urn);
  request.setMessage(message);
  request.setSeverity(SEVERITIES[severity]);
  request.setEphemeral(ephemeral);
  await new Promise<void>((resolve) => {
    engine.log(request, () => {
      resolve();
    });
  });
}
