import { createHash } from "node:crypto";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Difference, NotReadyError, PropertyDifference, Target } from "./provider";
import { DetailedError } from "./serve";
import type { Properties } from "./values";

/** The properties of a message. */
export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** The message of some properties. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties);
}

/** The resource that a request is about: old engines send its URN alone. */
export function targetOf(request: { getUrn(): string; getType(): string; getName(): string }): Target {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return {
    urn,
    type: request.getType() || (types.split("$").at(-1) ?? ""),
    name: request.getName() || name.join("::"),
  };
}

/** Number of characters that make a name of Pulumi's unique. */
const SUFFIX_LENGTH = 8;

/** The inputs to check, with the name that the engine wants for a resource that has none. */
export function checkRequest(request: messages.CheckRequest): {
  readonly olds: Properties;
  readonly news: Properties;
  readonly autoname: () => string;
} {
  const autoname = (): string => {
    const proposed = request.getAutonaming()?.getProposedName() ?? "";
    if (proposed !== "") return proposed;
    const { name, urn } = targetOf(request);
    const suffix = createHash("sha256").update(urn).update(request.getRandomseed_asU8()).digest("hex");
    return `${name}-${suffix.slice(0, SUFFIX_LENGTH)}`;
  };
  return { olds: fromStruct(request.getOlds()), news: fromStruct(request.getNews()), autoname };
}

function kindOf({ kind, replaces }: PropertyDifference): messages.PropertyDiff.Kind {
  const kinds = messages.PropertyDiff.Kind;
  if (kind === "add") return replaces ? kinds.ADD_REPLACE : kinds.ADD;
  if (kind === "delete") return replaces ? kinds.DELETE_REPLACE : kinds.DELETE;
  return replaces ? kinds.UPDATE_REPLACE : kinds.UPDATE;
}

/** The engine's form of a difference. */
export function diffResponse({ properties, deleteBeforeReplace }: Difference): messages.DiffResponse {
  const response = new messages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  response.setChanges(properties.length === 0 ? DIFF_NONE : DIFF_SOME);
  response.setHasdetaileddiff(true);
  response.setDeletebeforereplace(deleteBeforeReplace);
  for (const property of properties) {
    const detail = new messages.PropertyDiff();
    detail.setKind(kindOf(property));
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(property.path, detail);
    const top = property.path.split(/[.[]/u)[0] ?? property.path;
    if (!response.getDiffsList().includes(top)) response.addDiffs(top);
    if (property.replaces && !response.getReplacesList().includes(property.path)) {
      response.addReplaces(property.path);
    }
  }
  return response;
}

/** gRPC's code for an error that has no better one. */
const UNKNOWN_CODE = 2;

/** The error that tells the engine of a resource that exists but is not ready. */
export function notReady(error: NotReadyError): DetailedError {
  const detail = new messages.ErrorResourceInitFailed();
  detail.setId(error.state.id);
  detail.setProperties(toStruct(error.state.properties));
  detail.setInputs(toStruct(error.inputs));
  detail.setReasonsList([error.message]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(UNKNOWN_CODE);
  status.setMessage(error.message);
  status.addDetails(any);
  return new DetailedError(error.message, status.serializeBinary());
}
