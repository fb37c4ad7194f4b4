import type * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import * as plugins from "@pulumi/pulumi/proto/plugin_pb";
import { messageOf } from "../rpc/serve";
import { ended, launch } from "./children";
import { parseOptions, type RuntimeOptions } from "./options";
import { dependencies, requiredPackages } from "./packages";
import { outcome, runArguments, runEnvironment, type RunRequest, sdkScript } from "./program";

function optionsOf(info: messages.ProgramInfo | undefined): RuntimeOptions {
  return parseOptions(info?.getOptions()?.toJavaScript());
}

function runRequest(request: messages.RunRequest, engine: string): RunRequest {
  return {
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    config: Object.fromEntries(request.getConfigMap().entries()),
    configSecretKeys: request.getConfigsecretkeysList(),
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    monitor: request.getMonitorAddress(),
    engine,
    rootDirectory: request.getInfo()?.getRootDirectory() ?? request.getPwd(),
    pwd: request.getPwd(),
    program: request.getInfo()?.getEntryPoint() ?? request.getProgram(),
    arguments: request.getArgsList(),
  };
}

/** Runs the program, and returns how it ended. */
export async function run(
  message: messages.RunRequest,
  engine: string,
  cancelled: AbortSignal,
): Promise<messages.RunResponse> {
  if (message.getAttachDebugger()) {
    throw new Error("attaching a debugger needs Pulumi's own language host: install the official release");
  }
  const request = runRequest(message, engine);
  const options = optionsOf(message.getInfo());
  const folder = message.getInfo()?.getProgramDirectory() ?? request.pwd;
  const child = launch({
    arguments: runArguments(request, sdkScript("run", folder), options),
    folder: request.pwd,
    environment: runEnvironment(request, options),
    output: "inherit",
    cancelled,
  });
  const { code, signal } = await ended(child);
  const { error, bail } = outcome(code, signal);
  const response = new messages.RunResponse();
  response.setError(error);
  response.setBail(bail);
  return response;
}

function environmentOf(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((entry): [string, string] => {
      const end = entry.indexOf("=");
      return [entry.slice(0, end), entry.slice(end + 1)];
    }),
  );
}

/** Serves a plugin that is a program, such as a policy pack, and streams what it prints. */
export async function runPlugin(
  call: grpc.ServerWritableStream<messages.RunPluginRequest, messages.RunPluginResponse>,
): Promise<void> {
  const controller = new AbortController();
  call.on("cancelled", () => {
    controller.abort();
  });
  const respond = (fill: (response: messages.RunPluginResponse) => void): void => {
    const response = new messages.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  const { request } = call;
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() ?? request.getProgram();
  const policies = request.getKind() === "analyzer";
  try {
    const child = launch({
      arguments: [
        ...optionsOf(info).nodeArguments,
        sdkScript(policies ? "run-policy-pack" : "run-plugin", folder),
        ...(policies ? [...request.getArgsList(), folder] : [folder, ...request.getArgsList()]),
      ],
      folder: policies ? folder : request.getPwd(),
      environment: environmentOf(request.getEnvList()),
      output: "pipe",
      cancelled: controller.signal,
    });
    child.stdout?.on("data", (data: Buffer) => {
      respond((response) => response.setStdout(data));
    });
    child.stderr?.on("data", (data: Buffer) => {
      respond((response) => response.setStderr(data));
    });
    const { code } = await ended(child);
    respond((response) => response.setExitcode(code ?? 1));
    call.end();
  } catch (error) {
    call.destroy(new Error(messageOf(error)));
  }
}

/** Returns the plugins that a program's packages need. */
export function packagesNeeded(
  message: messages.GetRequiredPackagesRequest,
): messages.GetRequiredPackagesResponse {
  const response = new messages.GetRequiredPackagesResponse();
  for (const { name, version, server } of requiredPackages(message.getInfo()?.getProgramDirectory() ?? ".")) {
    const needed = new plugins.PackageDependency();
    needed.setName(name);
    needed.setVersion(version);
    needed.setServer(server);
    needed.setKind("resource");
    response.addPackages(needed);
  }
  return response;
}

/** Returns the packages that a program has. */
export function programDependencies(
  message: messages.GetProgramDependenciesRequest,
): messages.GetProgramDependenciesResponse {
  const response = new messages.GetProgramDependenciesResponse();
  const folder = message.getInfo()?.getProgramDirectory() ?? message.getPwd();
  for (const { name, version } of dependencies(folder, message.getTransitivedependencies())) {
    const dependency = new messages.DependencyInfo();
    dependency.setName(name);
    dependency.setVersion(version);
    response.addDependencies(dependency);
  }
  return response;
}

/** Returns the runtime of the program. */
export function about(): messages.AboutResponse {
  const response = new messages.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  return response;
}
