import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

const root = join(__dirname, "..", "..", "..");

/** A plugin that runs as the engine runs it, and what it sent to the engine. */
export interface ServedPlugin {
  readonly address: string;
  /** Lines that it logged, with the resource that each is about. */
  readonly logged: { readonly urn: string; readonly message: string }[];
  readonly stop: () => Promise<void>;
}

/** Takes the place of the engine: writes down what is logged. */
async function startEngine(logged: ServedPlugin["logged"]): Promise<{ server: grpc.Server; port: number }> {
  const server = new grpc.Server();
  const unimplemented = (_: unknown, callback: grpc.sendUnaryData<Empty>): void => {
    callback({ code: grpc.status.UNIMPLEMENTED });
  };
  server.addService(EngineService, {
    ...Object.fromEntries(Object.keys(EngineService).map((name) => [name, unimplemented])),
    log: (call: grpc.ServerUnaryCall<LogRequest, Empty>, callback: grpc.sendUnaryData<Empty>) => {
      logged.push({ urn: call.request.getUrn(), message: call.request.getMessage() });
      callback(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { server, port };
}

/** Starts one of this project's plugins with the engine's address, as the engine does. */
export async function servePlugin(name: "command" | "language", folder: string): Promise<ServedPlugin> {
  const logged: ServedPlugin["logged"] = [];
  const { server, port } = await startEngine(logged);
  const child = spawn(
    process.execPath,
    [
      "--require",
      require.resolve("ts-node/register"),
      join(root, "tools", "plugins", name, "main.ts"),
      `127.0.0.1:${port}`,
    ],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, TS_NODE_PROJECT: join(root, "tsconfig.json"), INHERITED: "from the engine" },
    },
  );
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return {
    address: `127.0.0.1:${line}`,
    logged,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      server.forceShutdown();
    },
  };
}

/** Calls a method that has one answer. */
export function call<Request, Response>(
  method: (
    request: Request,
    callback: (error: grpc.ServiceError | null, response: Response) => void,
  ) => unknown,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    method(request, (error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}
