import * as grpc from "@grpc/grpc-js";
import type * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { SECRET } from "./rules/snapshot";

/** Marks a special value of the engine's wire format, and a secret. Source: `@pulumi/pulumi/runtime/rpc`. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Returns the same data with {@link SECRET} in place of every secret. */
export function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value);
  if (fields.some(([key, content]) => key === SIGNATURE && content === SECRET_SIGNATURE)) return SECRET;
  return Object.fromEntries(fields.map(([key, content]) => [key, hideSecrets(content)]));
}

type Callback<Response> = (error: unknown, response?: Response) => void;
type Handler<Request, Response> = (
  call: { readonly request: Request },
  callback: Callback<Response>,
) => unknown;

interface Analyzer {
  readonly analyze: Handler<analyzer.AnalyzeRequest, analyzer.AnalyzeResponse>;
  readonly getAnalyzerInfo: Handler<unknown, analyzer.AnalyzerInfo>;
  readonly configure: Handler<unknown, unknown>;
}

function isAnalyzer(implementation: object): implementation is Analyzer {
  return ["analyze", "getAnalyzerInfo", "configure"].every((name) => name in implementation);
}

function hardened(served: Analyzer): Analyzer {
  return {
    ...served,
    analyze: (call, callback) => {
      const properties = call.request.getProperties()?.toJavaScript() ?? {};
      call.request.setProperties(Struct.fromJavaScript(hideSecrets(properties) as Record<string, never>));
      return served.analyze(call, callback);
    },
    getAnalyzerInfo: (call, callback) =>
      served.getAnalyzerInfo(call, (error, info) => {
        info?.setSupportsconfig(false);
        callback(error, info);
      }),
    configure: (_call, callback) => {
      callback({
        code: grpc.status.PERMISSION_DENIED,
        message: "this policy pack takes no configuration: remove --policy-pack-config",
      });
    },
  };
}

/**
 * Closes two gaps of the policy SDK, in this process, before a pack is served. A configuration file may lower or
 * disable any policy: this pack reports that it takes none, and the engine refuses to run with one. A secret reaches
 * validators as its plain value: here they see {@link SECRET} instead.
 */
export function hardenServing(): void {
  // Called with the server as `this` below.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { addService } = grpc.Server.prototype;
  grpc.Server.prototype.addService = function (this: grpc.Server, service, implementation) {
    const served: object = implementation;
    const kept = isAnalyzer(served)
      ? (hardened(served) as unknown as grpc.UntypedServiceImplementation)
      : implementation;
    addService.call(this, service, kept);
  };
}
