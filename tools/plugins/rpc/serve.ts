import * as grpc from "@grpc/grpc-js";
import { whenParentEnds } from "../../parent";

/** Interval at which a plugin checks that the engine that started it still runs, in milliseconds. */
const PARENT_CHECK_INTERVAL = 2000;

/** A plugin's services, and the function that stops everything it has started. */
export interface Served {
  readonly service: grpc.ServiceDefinition;
  readonly implementation: grpc.UntypedServiceImplementation;
  /** Ends what the plugin has started, and waits for it, a few seconds at most. Called before the process ends. */
  readonly stop: () => void | Promise<void>;
}

/**
 * Serves one of Pulumi's gRPC services on a free port of the loopback interface, and prints the port: the
 * engine reads it from the first line of standard output.
 * The process ends on SIGINT and SIGTERM, and when the engine is gone.
 */
export function serve({ service, implementation, stop }: Served): void {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(service, implementation);
  const finish = (): void => {
    void Promise.resolve(stop()).finally(() => process.exit(0));
  };
  process.once("SIGINT", finish);
  process.once("SIGTERM", finish);
  whenParentEnds(PARENT_CHECK_INTERVAL, finish);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(`cannot listen on the loopback interface: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });
}

/** Returns the message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Turns an ordinary function into the handler of a call that has one answer. */
export function unary<Request, Response>(
  handle: (request: Request, cancelled: AbortSignal) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const controller = new AbortController();
    call.on("cancelled", () => {
      controller.abort();
    });
    Promise.resolve()
      .then(() => handle(call.request, controller.signal))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback({ code: grpc.status.UNKNOWN, details: messageOf(error) });
        },
      );
  };
}
