import * as pulumi from "@pulumi/pulumi";

/** A resource that the program registered under the mocks. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  /** URN of the resource with which it is deleted; empty for none. */
  readonly deletedWith: string;
}

export interface MockOptions {
  /** True if the program runs as a preview. */
  readonly preview: boolean;
  /** What a command resource prints, by its name. */
  readonly stdout: Readonly<Record<string, string>>;
}

/** The part of the SDK's connection to the engine that registers a resource. */
interface Monitor {
  registerResource: (
    request: { getType: () => string; getName: () => string; getDeletedwith: () => string },
    done: unknown,
  ) => void;
}

/** Puts Pulumi's mocks in the engine's place, and records what is registered. */
export async function recordResources(options: MockOptions): Promise<Registered[]> {
  const registered: Registered[] = [];
  const deletedWith = new Map<string, string>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const given = inputs as Record<string, unknown>;
        registered.push({ type, name, inputs: given, deletedWith: deletedWith.get(`${type} ${name}`) ?? "" });
        const metadata = given.metadata as Record<string, unknown> | undefined;
        const state = {
          ...given,
          ...(metadata === undefined ? {} : { metadata: { ...metadata, uid: `uid-of-${name}` } }),
          ...(name in options.stdout ? { stdout: options.stdout[name] } : {}),
        };
        return { id: `${name}-id`, state };
      },
      call: () => ({}),
    },
    "fuse-test",
    "local",
    options.preview,
  );
  // The mocks themselves are not given the options of a resource.
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    deletedWith.set(`${request.getType()} ${request.getName()}`, request.getDeletedwith());
    register(request, done);
  };
  return registered;
}
