import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import type { Connection } from "./connection";
import { runPlugin } from "./exec";
import type { Environment } from "./files";

/** What one request is authenticated by. Certificate and key are PEM. */
export interface Authentication {
  /** The value of the header `Authorization`. */
  readonly authorization: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** When it has to be got anew, milliseconds since 1970. */
  readonly expires: number;
}

/** How long a token from a file is used before the file is read again, in milliseconds; as in client-go. */
const TOKEN_FILE_PERIOD = 60_000;

/** How long before its end a plugin's credential is not used any more, in milliseconds. */
const MARGIN = 1000;

function bearer(token: string | undefined): string | undefined {
  return token === undefined ? undefined : `Bearer ${token}`;
}

/** The token of a file; the one before where the file cannot be read for the moment. */
function tokenOf(file: string, before: string | undefined): string {
  let token = "";
  try {
    token = readFileSync(file, "utf8").trim();
  } catch {
    // A rotation may just replace it.
  }
  const last = token === "" ? before : token;
  if (last === undefined) throw new Error(`the token file ${file} cannot be read, or is empty`);
  return last;
}

/** The token that the provider `oidc` gives, which refreshes the one of the kubeconfig. */
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
 * Gets what requests are authenticated by.
 * @param before what was used until now
 * @throws Error in one line, which holds no credential
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
