import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CheckRequest, type CheckResponse, ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { KUBERNETES_PROVIDER } from "../../tools/setup/providers";

const START_MILLISECONDS = 30_000;

type Properties = Record<string, JavaScriptValue>;

/** Pulumi's Kubernetes provider as a process of its own, with a client in place of the engine. */
export interface RunningProvider {
  /**
   * Asks the provider to check the inputs of a resource, as the engine does before a policy sees them.
   * @returns the inputs that policies see
   * @throws Error if the provider refuses the inputs
   */
  readonly check: (urn: string, inputs: unknown) => Promise<Properties>;
  readonly stop: () => Promise<void>;
}

/** Serves the engine's side of the protocol: a provider logs to it. */
async function serveEngine(): Promise<{ readonly address: string; readonly server: grpc.Server }> {
  const server = new grpc.Server();
  const answer: grpc.handleUnaryCall<unknown, Empty> = (_call, callback) => {
    callback(null, new Empty());
  };
  server.addService(EngineService, {
    log: answer,
    getRootResource: answer,
    setRootResource: answer,
    startDebugging: answer,
    requirePulumiVersion: answer,
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { address: `127.0.0.1:${port}`, server };
}

/** Starts the provider that setup chose, for a cluster that need not exist: nothing is created. */
export async function startKubernetesProvider(kubeconfig: string): Promise<RunningProvider> {
  const { address, server } = await serveEngine();
  const program = join(KUBERNETES_PROVIDER.folder(), KUBERNETES_PROVIDER.program);
  const child = spawn(program, [address], { stdio: ["ignore", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout });
  const signal = AbortSignal.timeout(START_MILLISECONDS);
  const [port] = (await once(lines, "line", { signal })) as [string];
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());

  const configuration = new ConfigureRequest();
  const settings = { kubeconfig, enableServerSideApply: "true" };
  configuration.setArgs(Struct.fromJavaScript(settings));
  for (const [name, value] of Object.entries(settings)) {
    configuration.getVariablesMap().set(`kubernetes:config:${name}`, value);
  }
  await new Promise<void>((resolve, reject) => {
    client.configure(configuration, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });

  return {
    check: async (urn, inputs) => {
      const request = new CheckRequest();
      request.setUrn(urn);
      request.setNews(Struct.fromJavaScript(structuredClone(inputs) as Properties));
      const response = await new Promise<CheckResponse>((resolve, reject) => {
        client.check(request, (error, checked) => {
          if (error === null) resolve(checked);
          else reject(error);
        });
      });
      const failures = response.getFailuresList().map((failure) => failure.getReason());
      if (failures.length > 0) throw new Error(failures.join("; "));
      return response.getInputs()?.toJavaScript() ?? {};
    },
    stop: async () => {
      client.close();
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      server.forceShutdown();
    },
  };
}
