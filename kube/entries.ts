import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { KubeconfigError } from "./parse";
import type { AuthProviderFields, ClusterFields, ExecFields, UserFields } from "./shape";

/** Identity to impersonate, in place of the user that was authenticated. */
export interface Impersonation {
  readonly user: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** Credentials of a user. Certificates and keys are PEM. */
export interface UserCredentials {
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  readonly token?: string | undefined;
  /** A file whose token is read periodically; it takes precedence over `token`. */
  readonly tokenFile?: string | undefined;
  readonly basic?: { readonly username: string; readonly password: string } | undefined;
  readonly exec?: ExecFields | undefined;
  readonly authProvider?: AuthProviderFields | undefined;
}

/** An entry of a file, for error messages. */
export interface Place {
  readonly file: string;
  readonly entry: string;
}

export function problem({ file, entry }: Place, words: string): KubeconfigError {
  return new KubeconfigError(file, `${entry}: ${words}`);
}

export function quoted(name: string): string {
  return JSON.stringify(name);
}

export function fileText(path: string, place: Place, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw problem(place, `${name}: ${(error as Error).message}`);
  }
}

/** Returns PEM that is either in the kubeconfig or in a file; both at once is refused, as by client-go. */
function pem(
  { data, file }: { readonly data: string | undefined; readonly file: string | undefined },
  place: Place,
  name: string,
): string | undefined {
  if (data !== undefined && file !== undefined)
    throw problem(place, `${name} and ${name}-data are both there: remove one`);
  return file === undefined ? data : fileText(file, place, name);
}

/**
 * Parses the URL of an API server. One without a scheme is reached by HTTP, as by client-go.
 * @throws KubeconfigError
 */
export function serverUrl(server: string, place: Place): URL {
  const whole = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]/u.test(server);
  const text = whole ? server : `http://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || (!whole && url.pathname !== "/"))
    throw problem(place, `server is no address: expected such as https://10.0.0.1:6443`);
  url.search = "";
  url.hash = "";
  return url;
}

/** Returns a URL without a trailing slash. */
export function withoutSlash(url: URL): string {
  return url.href.replace(/\/+$/u, "");
}

export function ownProxy(fields: ClusterFields, place: Place): string | undefined {
  const proxy = fields["proxy-url"];
  if (proxy === undefined) return undefined;
  const protocol = URL.canParse(proxy) ? new URL(proxy).protocol : "";
  if (!["http:", "https:", "socks5:"].includes(protocol))
    throw problem(place, `proxy-url: expected a URL with http, https or socks5`);
  return proxy;
}

export function impersonationOf(fields: UserFields, place: Place): Impersonation | undefined {
  const { as, "as-uid": uid, "as-groups": groups, "as-user-extra": extra } = fields;
  if (as !== undefined) return { user: as, uid, groups, extra };
  if (uid !== undefined || groups.length > 0 || Object.keys(extra).length > 0)
    throw problem(place, `as-uid, as-groups and as-user-extra need as: name the user to impersonate`);
  return undefined;
}

const PLUGIN_VERSIONS = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
const INTERACTIVE_MODES = ["Never", "IfAvailable", "Always"];

/** Checks the configuration of a credential plugin, and fills in the defaults of the older version. */
function checkedExec(exec: ExecFields, place: Place): ExecFields {
  const { apiVersion = "", command, env } = exec;
  const interactiveMode = exec.interactiveMode ?? (apiVersion.endsWith("/v1beta1") ? "IfAvailable" : "");
  if (command === undefined) throw problem(place, `exec has no command`);
  if (!PLUGIN_VERSIONS.includes(apiVersion))
    throw problem(place, `exec.apiVersion: expected ${PLUGIN_VERSIONS.join(" or ")}`);
  if (!INTERACTIVE_MODES.includes(interactiveMode))
    throw problem(place, `exec.interactiveMode: expected ${INTERACTIVE_MODES.join(", ")}`);
  if (env.some(({ name }) => name === undefined)) throw problem(place, `exec.env: a variable has no name`);
  return { ...exec, interactiveMode };
}

function certificateOf(fields: UserFields, place: Place): Pick<UserCredentials, "certificate" | "key"> {
  const { "client-certificate": certificateFile, "client-certificate-data": data } = fields;
  if (certificateFile === undefined && data === undefined) return {};
  const { "client-key": keyFile, "client-key-data": keyData } = fields;
  if (keyFile === undefined && keyData === undefined)
    throw problem(place, `client-certificate needs client-key`);
  const certificate = pem({ data, file: certificateFile }, place, "client-certificate");
  const key = pem({ data: keyData, file: keyFile }, place, "client-key");
  try {
    createSecureContext({ cert: certificate, key });
  } catch {
    throw problem(place, `client-certificate and client-key are no pair in PEM`);
  }
  return { certificate, key };
}

/**
 * Returns the credentials of a user. A plugin is not run if the user has credentials of another kind
 * (client-go, `Authenticator.UpdateTransportConfig`).
 */
export function credentialsOf(fields: UserFields, place: Place): UserCredentials {
  const { token, tokenFile, username, password, exec, "auth-provider": authProvider } = fields;
  const basic =
    username === undefined && password === undefined
      ? undefined
      : { username: username ?? "", password: password ?? "" };
  if (basic !== undefined && (token ?? tokenFile) !== undefined)
    throw problem(place, `a token and a password are both there: remove one`);
  if (exec !== undefined && authProvider !== undefined)
    throw problem(place, `exec and auth-provider are both there: remove one`);
  if (tokenFile !== undefined && token === undefined) fileText(tokenFile, place, "tokenFile");
  const pair = certificateOf(fields, place);
  const plugin = exec && checkedExec(exec, place);
  if (authProvider !== undefined && authProvider.name !== "oidc")
    throw problem(
      place,
      `auth-provider ${authProvider.name ?? ""} is not there any more, in kubectl as well: use exec`,
    );
  const hasOwn = (token ?? tokenFile ?? basic ?? pair.certificate) !== undefined;
  return { ...pair, token, tokenFile, basic, ...(hasOwn ? {} : { exec: plugin }), authProvider };
}

/**
 * Returns the PEM of a cluster's authorities; undefined if it names none, or if its server is reached without TLS
 * (client-go, `DirectClientConfig.ClientConfig`). A file that it names must exist in either case.
 */
export function authorityOf(
  fields: ClusterFields,
  { protocol }: Pick<URL, "protocol">,
  place: Place,
): string | undefined {
  const authority = pem(
    { data: fields["certificate-authority-data"], file: fields["certificate-authority"] },
    place,
    "certificate-authority",
  );
  if (authority === undefined || protocol === "http:") return undefined;
  if (fields["insecure-skip-tls-verify"])
    throw problem(place, `certificate-authority and insecure-skip-tls-verify are both there: remove one`);
  if (!authority.includes("-----BEGIN CERTIFICATE-----"))
    throw problem(place, `certificate-authority holds no certificate in PEM`);
  return authority;
}
