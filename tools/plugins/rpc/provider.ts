import type { Properties } from "./values";

/** One property that differs. */
export interface PropertyDifference {
  /** Path: `spec.containers[0].image`, or `data["key.with.dots"]`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

/** Comparison of new inputs with the current state. */
export interface Difference {
  readonly properties: readonly PropertyDifference[];
  readonly deleteBeforeReplace: boolean;
}

/** A resource, named as by the engine. */
export interface Target {
  readonly urn: string;
  /** The type token, e.g. `kubernetes:core/v1:Pod`. */
  readonly type: string;
  /** The name that the program gives the resource. */
  readonly name: string;
}

/** Time that an operation may take. */
export interface Limits {
  /** `customTimeouts` of the resource, in seconds; 0 where none is set. */
  readonly timeout: number;
  /** Aborted when the engine cancels the operation. */
  readonly cancelled: AbortSignal;
}

/** A problem with a resource's inputs. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** A resource as it is. */
export interface State {
  readonly id: string;
  readonly properties: Properties;
}

/** Interface of a Pulumi provider. Values hold marks of secrets and unknowns. */
export interface Provider {
  readonly version: string;
  readonly check: (
    target: Target,
    news: Properties,
  ) => { readonly inputs: Properties; readonly failures: readonly Failure[] };
  readonly diff: (
    target: Target,
    inputs: { readonly olds: Properties; readonly oldInputs: Properties; readonly news: Properties },
  ) => Difference | Promise<Difference>;
  readonly create: (
    target: Target,
    request: Limits & { readonly news: Properties; readonly preview: boolean },
  ) => Promise<State>;
  /** Undefined when there is no such resource. */
  readonly read: (
    target: Target,
    request: Limits & { readonly id: string; readonly properties: Properties; readonly inputs: Properties },
  ) => Promise<(State & { readonly inputs: Properties }) | undefined>;
  readonly update: (
    target: Target,
    request: Limits & {
      readonly id: string;
      readonly olds: Properties;
      readonly oldInputs: Properties;
      readonly news: Properties;
      readonly preview: boolean;
    },
  ) => Promise<Properties>;
  readonly delete: (
    target: Target,
    request: Limits & { readonly id: string; readonly olds: Properties },
  ) => Promise<void>;
  /** Why a function of the package is not there. */
  readonly refuseInvoke: (token: string) => string;
  /** Waits until what was cancelled has ended. */
  readonly idle: () => void | Promise<void>;
}
