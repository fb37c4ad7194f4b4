import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Difference, PropertyDifference, Target } from "./provider";
import type { Properties } from "./values";

/** Returns the properties of a message. */
export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** Returns the message for properties. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties);
}

/** Returns the resource that a request is about: old engines send its URN alone. */
export function targetOf(request: { getUrn(): string; getType(): string; getName(): string }): Target {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return {
    urn,
    type: request.getType() || (types.split("$").at(-1) ?? ""),
    name: request.getName() || name.join("::"),
  };
}

function kindOf({ kind, replaces }: PropertyDifference): messages.PropertyDiff.Kind {
  const kinds = messages.PropertyDiff.Kind;
  if (kind === "add") return replaces ? kinds.ADD_REPLACE : kinds.ADD;
  if (kind === "delete") return replaces ? kinds.DELETE_REPLACE : kinds.DELETE;
  return replaces ? kinds.UPDATE_REPLACE : kinds.UPDATE;
}

/** Converts a difference to the engine's message. */
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
