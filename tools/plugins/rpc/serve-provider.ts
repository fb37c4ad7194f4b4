import type * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { diffResponse, fromStruct, targetOf, toStruct } from "./messages";
import type { Provider, State } from "./provider";
import { serve, unary } from "./serve";
import type { Properties } from "./values";

function configureResponse(): messages.ConfigureResponse {
  const response = new messages.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  return response;
}

function checkResponse(inputs: Properties, failures: readonly { property: string; reason: string }[]) {
  const response = new messages.CheckResponse();
  response.setInputs(toStruct(inputs));
  for (const { property, reason } of failures) {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    response.addFailures(failure);
  }
  return response;
}

function createResponse({ id, properties }: State): messages.CreateResponse {
  const response = new messages.CreateResponse();
  response.setId(id);
  response.setProperties(toStruct(properties));
  return response;
}

/** Returns the operations on resources, each with the signal that ends it. */
function operations(provider: Provider, ending: AbortSignal): grpc.UntypedServiceImplementation {
  const until = (cancelled: AbortSignal): AbortSignal => AbortSignal.any([ending, cancelled]);
  return {
    create: unary(async (request: messages.CreateRequest, cancelled) =>
      createResponse(
        await provider.create(targetOf(request), {
          news: fromStruct(request.getProperties()),
          preview: request.getPreview(),
          timeout: request.getTimeout(),
          cancelled: until(cancelled),
        }),
      ),
    ),
    read: unary(async (request: messages.ReadRequest, cancelled) => {
      const found = await provider.read(targetOf(request), {
        id: request.getId(),
        properties: fromStruct(request.getProperties()),
        inputs: fromStruct(request.getInputs()),
        timeout: request.getTimeout(),
        cancelled: until(cancelled),
      });
      const response = new messages.ReadResponse();
      if (found === undefined) return response;
      response.setId(found.id);
      response.setProperties(toStruct(found.properties));
      response.setInputs(toStruct(found.inputs));
      return response;
    }),
    update: unary(async (request: messages.UpdateRequest, cancelled) => {
      const properties = await provider.update(targetOf(request), {
        id: request.getId(),
        olds: fromStruct(request.getOlds()),
        oldInputs: fromStruct(request.getOldInputs()),
        news: fromStruct(request.getNews()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
        cancelled: until(cancelled),
      });
      const response = new messages.UpdateResponse();
      response.setProperties(toStruct(properties));
      return response;
    }),
    delete: unary(async (request: messages.DeleteRequest, cancelled) => {
      await provider.delete(targetOf(request), {
        id: request.getId(),
        olds: fromStruct(request.getProperties()),
        timeout: request.getTimeout(),
        cancelled: until(cancelled),
      });
      return new Empty();
    }),
  };
}

function configuration(provider: Provider): grpc.UntypedServiceImplementation {
  return {
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),
    // The provider has no settings.
    checkConfig: unary((request: messages.CheckRequest) => checkResponse(fromStruct(request.getNews()), [])),
    diffConfig: unary(() => diffResponse({ properties: [], deleteBeforeReplace: false })),
    configure: unary(configureResponse),
  };
}

function refusals(provider: Provider): grpc.UntypedServiceImplementation {
  const refuse = (): never => {
    throw new Error(provider.refuseInvoke(""));
  };
  return {
    getSchema: unary(refuse),
    parameterize: unary(refuse),
    construct: unary(refuse),
    call: unary(refuse),
    invoke: unary((request: messages.InvokeRequest) => {
      throw new Error(provider.refuseInvoke(request.getTok()));
    }),
  };
}

/** Serves a provider to the engine that started this process. */
export function serveProvider(provider: Provider): void {
  const ending = new AbortController();
  serve({
    service: ResourceProviderService,
    implementation: {
      ...refusals(provider),
      ...configuration(provider),
      ...operations(provider, ending.signal),
      check: unary((request: messages.CheckRequest) => {
        const { inputs, failures } = provider.check(targetOf(request), fromStruct(request.getNews()));
        return checkResponse(inputs, failures);
      }),
      diff: unary(async (request: messages.DiffRequest) =>
        diffResponse(
          await provider.diff(targetOf(request), {
            olds: fromStruct(request.getOlds()),
            oldInputs: fromStruct(request.getOldInputs()),
            news: fromStruct(request.getNews()),
          }),
        ),
      ),
      cancel: unary(() => {
        ending.abort();
        return new Empty();
      }),
    },
    stop: async () => {
      ending.abort();
      await provider.idle();
    },
  });
}
