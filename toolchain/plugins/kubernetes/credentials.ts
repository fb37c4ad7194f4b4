import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { z } from "zod";
import { messageOf } from "../rpc/serve";
import type { Connection, ExecPlugin } from "./kubeconfig";

/** What a request is authenticated by. Certificates and keys are PEM. */
export interface Credentials {
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** The value of the header `Authorization`. */
  readonly authorization: string | undefined;
  /** When they must be got anew, in milliseconds since 1970. */
  readonly expires: number;
}

const credentialSchema = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.iso.datetime({ offset: true }).optional(),
  }),
});

/** How long an exec credential plugin may take, in milliseconds. */
const EXEC_TIMEOUT = 60_000;

/** How long a token from a file is used before the file is read again, in milliseconds; as in client-go. */
const TOKEN_FILE_PERIOD = 60_000;

const run = promisify(execFile);

async function executed({ apiVersion, command, args, env }: ExecPlugin): Promise<Credentials> {
  const info = { apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  const environment = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  let printed: string;
  try {
    const { stdout } = await run(command, args ?? [], {
      env: { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info), ...environment },
      timeout: EXEC_TIMEOUT,
    });
    printed = stdout;
  } catch (error) {
    throw new Error(
      `the kubeconfig's credential plugin ${command} failed: ${messageOf(error)}; run it by hand`,
    );
  }
  const { status } = parseCredential(printed, command);
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = status;
  return {
    certificate: clientCertificateData,
    key: clientKeyData,
    authorization: token === undefined ? undefined : `Bearer ${token}`,
    expires: expirationTimestamp === undefined ? Infinity : Date.parse(expirationTimestamp),
  };
}

function parseCredential(printed: string, command: string): z.infer<typeof credentialSchema> {
  try {
    return credentialSchema.parse(JSON.parse(printed));
  } catch {
    throw new Error(
      `the kubeconfig's credential plugin ${command} printed no ExecCredential; run it by hand`,
    );
  }
}

function authorizationOf({ token, basic }: Connection): string | undefined {
  if (token !== undefined) return `Bearer ${token}`;
  return basic === undefined ? undefined : `Basic ${Buffer.from(basic).toString("base64")}`;
}

/**
 * Gets what requests are authenticated by: from the kubeconfig, a token's file or a credential plugin.
 * @throws Error in one line when the credential plugin fails. It never holds a token.
 */
export async function credentialsOf(connection: Connection): Promise<Credentials> {
  const { certificate, key, tokenFile, exec } = connection;
  if (exec !== undefined) return executed(exec);
  if (tokenFile !== undefined) {
    const authorization = `Bearer ${readFileSync(tokenFile, "utf8").trim()}`;
    return { certificate, key, authorization, expires: Date.now() + TOKEN_FILE_PERIOD };
  }
  return { certificate, key, authorization: authorizationOf(connection), expires: Infinity };
}
