import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import * as plugins from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type * as grpc from "@grpc/grpc-js";
import { ENGINE_VERSION } from "../../setup/paths";
import { engineAddress } from "../rpc/engine";
import { serve, unary } from "../rpc/serve";
import { endAll } from "./children";
import { about, packagesNeeded, programDependencies, run, runPlugin } from "./handlers";
import { installDependencies } from "./install";

function pluginInfo(): plugins.PluginInfo {
  const info = new plugins.PluginInfo();
  info.setVersion(ENGINE_VERSION);
  return info;
}

serve({
  service: LanguageRuntimeService,
  implementation: {
    handshake: unary(() => new messages.LanguageHandshakeResponse()),
    getPluginInfo: unary(pluginInfo),
    getRequiredPackages: unary(packagesNeeded),
    getProgramDependencies: unary(programDependencies),
    about: unary(about),
    runtimeOptionsPrompts: unary(() => new messages.RuntimeOptionsResponse()),
    installDependencies,
    run: unary((request: messages.RunRequest, cancelled) => run(request, engineAddress(), cancelled)),
    runPlugin: (
      call: grpc.ServerWritableStream<messages.RunPluginRequest, messages.RunPluginResponse>,
    ): void => {
      void runPlugin(call);
    },
    cancel: unary(() => {
      endAll();
      return new Empty();
    }),
  },
  stop: endAll,
});
