import * as http from "node:http";
import * as https from "node:https";
import { createSecureContext, type SecureContext } from "node:tls";
import type { HttpProxyAgent } from "http-proxy-agent";
import type { HttpsProxyAgent } from "https-proxy-agent";
import type { SocksProxyAgent } from "socks-proxy-agent";
import type { Authentication } from "./authenticate";
import { machineAuthorities } from "./authorities";
import type { Connection } from "./connection";
import type { Environment } from "./files";

/**
 * Creates the TLS context for an API server. Reading the machine's certificate authorities makes this slow.
 */
export function secureContextOf(
  { authority, insecure }: Connection,
  { certificate, key }: Pick<Authentication, "certificate" | "key">,
  environment: Environment,
): SecureContext {
  const ca = authority ?? (insecure ? undefined : machineAuthorities(environment));
  return createSecureContext({ ca, cert: certificate, key });
}

// Loaded on demand: few users have a proxy, and loading these takes time.
function proxyAgents() {
  /* eslint-disable @typescript-eslint/no-require-imports */
  return {
    ...(require("http-proxy-agent") as { HttpProxyAgent: typeof HttpProxyAgent }),
    ...(require("https-proxy-agent") as { HttpsProxyAgent: typeof HttpsProxyAgent }),
    ...(require("socks-proxy-agent") as { SocksProxyAgent: typeof SocksProxyAgent }),
  };
  /* eslint-enable @typescript-eslint/no-require-imports */
}

/**
 * Time for which a connection without a request is kept, in milliseconds. A request on one that the server is about to
 * close would fail: gateways close theirs after some seconds.
 */
const IDLE_MILLISECONDS = 1000;

/**
 * Returns the agent that connects to an API server, through its proxy if there is one. It keeps connections for further
 * requests: a handshake costs more than most requests. Those that wait do not keep the process alive.
 */
export function agentOf(
  { server, serverName, insecure, proxy }: Connection,
  secureContext: SecureContext | undefined,
): http.Agent {
  const kept = { keepAlive: true, timeout: IDLE_MILLISECONDS };
  const secure = server.startsWith("https:");
  const tls = {
    secureContext,
    rejectUnauthorized: !insecure,
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
  if (proxy === undefined) return secure ? new https.Agent({ ...kept, ...tls }) : new http.Agent(kept);
  const { HttpProxyAgent, HttpsProxyAgent, SocksProxyAgent } = proxyAgents();
  // The agents' own options are for TLS to the proxy; these are for TLS to the server.
  const beyond = <Agent extends { connect: (request: never, options: never) => unknown }>(agent: Agent) => {
    const connect = agent.connect.bind(agent) as (request: unknown, given: object) => unknown;
    return Object.assign(agent, {
      connect: (request: unknown, given: object) => connect(request, { ...given, ...tls }),
    });
  };
  // The proxy resolves host names, as with Go's socks5.
  if (/^socks5h?:/iu.test(proxy))
    return beyond(new SocksProxyAgent(proxy.replace(/^socks5h?:/iu, "socks5h:"), kept));
  // Another agent would speak HTTP to it, and wait for an answer.
  if (!/^https?:/iu.test(proxy))
    throw new Error("the proxy in the environment: expected a URL with http, https, socks5 or socks5h");
  return secure
    ? beyond(new HttpsProxyAgent(proxy, { ...kept, secureContext }))
    : new HttpProxyAgent(proxy, kept);
}
