import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import type { Connection } from "./connection";
import { runPlugin } from "./exec";
import type { Environment } from "./files";

/** Credentials of a request. Certificate and key are PEM. */
export interface Authentication {
  /** Value of the header `Authorization`. */
  readonly authorization: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** When it must be renewed, milliseconds since 1970. */
  readonly expires: number;
}

/**
 * Time for which a token from a file is used before the file is read again, in milliseconds; as in client-go.
 */
const TOKEN_FILE_PERIOD = 60_000;

/** Time before its expiry at which a plugin's credential is no longer used, in milliseconds. */
const MARGIN = 1000;

function bearer(token: string | undefined): string | undefined {
  return token === undefined ? undefined : `Bearer ${token}`;
}

/** Returns the token of a file, or the previous one if the file cannot be read at the moment. */
function tokenOf(file: string, before: string | undefined): string {
  let token = "";
  try {
    token = readFileSync(file, "utf8").trim();
  } catch {
    // A rotation may be replacing the file.
  }
  const last = token === "" ? before : token;
  if (last === undefined) throw new Error(`the token file ${file} cannot be read, or is empty`);
  return last;
}

/** Returns the token of the provider `oidc`, which refreshes the one of the kubeconfig. */
async function openIdConnect({ credentials, user }: Connection): Promise<string | undefined> {
  const alone = new KubeConfig();
  const { name = "", config = {} } = credentials.authProvider ?? {};
  alone.loadFromClusterAndUser(
    { name: "any", server: "https://localhost", skipTLSVerify: false },
    { name: user, authProvider: { name, config } },
  );
  const options: RequestOptions = {};
  try {
    await alone.applyToHTTPSOptions(options);
  } catch (error) {
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new Error(`the auth-provider oidc of user ${JSON.stringify(user)} failed: ${line}`);
  }
  const { Authorization } = (options.headers ?? {}) as Readonly<Record<string, string | undefined>>;
  return Authorization;
}

/**
 * Obtains the credentials of a request.
 * @param before the credentials used so far
 * @throws Error in one line, which contains no credential
 */
export async function authenticate(
  connection: Connection,
  before: Authentication | undefined,
  environment: Environment,
): Promise<Authentication> {
  const { token, tokenFile, basic, exec, authProvider, certificate, key } = connection.credentials;
  const own = { certificate, key, expires: Infinity };
  if (exec !== undefined) {
    const given = await runPlugin(exec, connection, environment);
    const expires = given.expires === undefined ? Infinity : given.expires - MARGIN;
    return { authorization: bearer(given.token), certificate: given.certificate, key: given.key, expires };
  }
  if (tokenFile !== undefined) {
    const last = before?.authorization?.replace(/^Bearer /u, "") ?? token;
    const authorization = bearer(tokenOf(tokenFile, last));
    return { ...own, authorization, expires: Date.now() + TOKEN_FILE_PERIOD };
  }
  if (token !== undefined) return { ...own, authorization: bearer(token) };
  if (basic !== undefined) {
    const text = Buffer.from(`${basic.username}:${basic.password}`).toString("base64");
    return { ...own, authorization: `Basic ${text}` };
  }
  if (authProvider !== undefined)
    return { ...own, authorization: await openIdConnect(connection), expires: Date.now() + MARGIN };
  return { ...own, authorization: undefined };
}
