import { z } from "zod";

/**
 * Schemas of a kubeconfig, as client-go's `tools/clientcmd/api/v1` types define it. Like there, null and ""
 * mean absent, unknown fields are ignored, and a value of another type makes the whole file invalid.
 */

/** Replaces null by undefined, which every field may be. */
function field<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => value ?? undefined, schema.optional());
}

const text = field(z.string().transform((value) => (value === "" ? undefined : value)));
const flag = field(z.boolean()).transform((value) => value ?? false);
const texts = field(
  z.array(
    z
      .string()
      .nullable()
      .transform((value) => value ?? ""),
  ),
).transform((value) => value ?? []);

/** Decodes base64 as Go does: line ends are skipped, and nothing else is. */
const bytes = field(
  z
    .string()
    .refine((value) => isBase64(value), "expected base64")
    .transform((value) => (value === "" ? undefined : Buffer.from(value, "base64").toString("utf8"))),
);

function isBase64(value: string): boolean {
  const digits = value.replace(/[\r\n]/gu, "");
  return digits.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/u.test(digits);
}

const extensions = field(
  z.array(
    z.preprocess((value) => value ?? {}, z.looseObject({ name: text, extension: z.unknown().optional() })),
  ),
).transform((value) => value ?? []);

const exec = z.object({
  apiVersion: text,
  command: text,
  args: texts,
  env: field(
    z.array(
      z.preprocess(
        (value) => value ?? {},
        z.object({ name: text, value: text.transform((value) => value ?? "") }),
      ),
    ),
  ).transform((value) => value ?? []),
  installHint: text,
  provideClusterInfo: flag,
  interactiveMode: text,
});

const authProvider = z.object({
  name: text,
  config: field(z.record(z.string(), z.string().nullable())).transform((value) => value ?? {}),
});

const cluster = z.object({
  server: text,
  "tls-server-name": text,
  "insecure-skip-tls-verify": flag,
  "certificate-authority": text,
  "certificate-authority-data": bytes,
  "proxy-url": text,
  "disable-compression": flag,
  extensions,
});

const user = z.object({
  "client-certificate": text,
  "client-certificate-data": bytes,
  "client-key": text,
  "client-key-data": bytes,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  "as-uid": text,
  "as-groups": texts,
  "as-user-extra": field(z.record(z.string(), texts)).transform((value) => value ?? {}),
  extensions,
  "auth-provider": field(authProvider),
  exec: field(exec),
});

const context = z.object({ cluster: text, user: text, namespace: text, extensions });

const list = field(z.array(z.unknown())).transform((value) => value ?? []);

/** The file itself; its lists are read entry by entry, so that a problem names its entry. */
export const fileShape = z.object({
  apiVersion: text,
  kind: text,
  preferences: field(z.object({ colors: flag, extensions })),
  extensions,
  "current-context": text,
  clusters: list,
  users: list,
  contexts: list,
});

/** The entries of a kubeconfig's lists, by the name of their field. */
export const entryShapes = { cluster, user, context } as const;

/** Fields of a cluster in a kubeconfig. */
export type ClusterFields = z.infer<typeof cluster>;
/** Fields of a user in a kubeconfig. */
export type UserFields = z.infer<typeof user>;
/** Fields of a context in a kubeconfig. */
export type ContextFields = z.infer<typeof context>;
/** Fields of a credential plugin in a kubeconfig. */
export type ExecFields = z.infer<typeof exec>;
/** One of client-go's former built-in credential plugins. */
export type AuthProviderFields = z.infer<typeof authProvider>;
