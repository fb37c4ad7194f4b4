import type * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../rpc/serve";

/** Installs a program's packages with npm, exactly those of its lock file if there is one. */
export function installDependencies(
  call: grpc.ServerWritableStream<messages.InstallDependenciesRequest, messages.InstallDependenciesResponse>,
): void {
  const folder = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
  const locked = existsSync(join(folder, "package-lock.json"));
  const child = spawn("npm", [locked ? "ci" : "install"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  call.on("cancelled", () => {
    child.kill();
  });
  child.stdout.on("data", (data: Buffer) => {
    const response = new messages.InstallDependenciesResponse();
    response.setStdout(data);
    call.write(response);
  });
  child.stderr.on("data", (data: Buffer) => {
    const response = new messages.InstallDependenciesResponse();
    response.setStderr(data);
    call.write(response);
  });
  child.once("error", (error) => {
    call.destroy(new Error(`npm cannot be started: ${messageOf(error)}; install npm`));
  });
  child.once("close", (code) => {
    if (code === 0) call.end();
    else call.destroy(new Error(`npm failed with exit status ${code ?? "none"} in ${folder}`));
  });
}
