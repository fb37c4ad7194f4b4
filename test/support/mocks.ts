import * as pulumi from "@pulumi/pulumi";

/** A resource that the program registered under the mocks. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

export interface MockOptions {
  /** Whether the program runs as a preview. */
  readonly preview: boolean;
  /** What a command resource prints, by its name. */
  readonly stdout: Readonly<Record<string, string>>;
}

/** Puts Pulumi's mocks in the engine's place, and records what is registered. */
export async function recordResources(options: MockOptions): Promise<Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const given = inputs as Record<string, unknown>;
        registered.push({ type, name, inputs: given });
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
  return registered;
}
