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

/** What TLS to an API server is made with. Making it takes long where the machine's authorities are read. */
export function secureContextOf(
  { authority, insecure }: Connection,
  { certificate, key }: Pick<Authentication, "certificate" | "key">,
  environment: Environment,
): SecureContext {
  const ca = authority ?? (insecure ? undefined : machineAuthorities(environment));
  return createSecureContext({ ca, cert: certificate, key });
}

// Few have a proxy, and everybody would load these.
function proxyAgents() {
  /* eslint-disable @typescript-eslint/no-require-imports */
  return {
    ...(require("http-proxy-agent") as { HttpProxyAgent: typeof HttpProxyAgent }),
    ...(require("https-proxy-agent") as { HttpsProxyAgent: typeof HttpsProxyAgent }),
    ...(require("socks-proxy-agent") as { SocksProxyAgent: typeof SocksProxyAgent }),
  };
  /* eslint-enable @typescript-eslint/no-require-imports */
}

/** Opens the connections to an API server, by its proxy where there is one. */
export function agentOf(
  { server, serverName, insecure, proxy }: Connection,
  secureContext: SecureContext | undefined,
): http.Agent {
  const secure = server.startsWith("https:");
  const options = {
    secureContext,
    rejectUnauthorized: !insecure,
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
  if (proxy === undefined) return secure ? new https.Agent(options) : new http.Agent();
  const { HttpProxyAgent, HttpsProxyAgent, SocksProxyAgent } = proxyAgents();
  // Their own options are for TLS to the proxy; these are for TLS to the server.
  const beyond = <Agent extends { connect: (request: never, options: never) => unknown }>(agent: Agent) => {
    const connect = agent.connect.bind(agent) as (request: unknown, given: object) => unknown;
    return Object.assign(agent, {
      connect: (request: unknown, given: object) => connect(request, { ...given, ...options }),
    });
  };
  // The proxy looks names up, as with Go's socks5.
  if (/^socks5:/iu.test(proxy)) return beyond(new SocksProxyAgent(proxy.replace(/^socks5:/iu, "socks5h:")));
  return secure ? beyond(new HttpsProxyAgent(proxy, { secureContext })) : new HttpProxyAgent(proxy);
}
