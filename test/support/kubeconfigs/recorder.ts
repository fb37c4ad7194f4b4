import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { PeerCertificate, TLSSocket } from "node:tls";
import { createAuthority, issue, type KeyPair } from "../../../tools/cluster/pki";

/** What a server saw of a request, as far as a kubeconfig decides it. */
export interface Seen {
  readonly server: string;
  readonly path: string;
  /** The name that TLS asked for. */
  readonly name: string;
  /** The common name of the client's certificate. */
  readonly client: string;
  readonly authorization: string;
  readonly compression: boolean;
  /** Headers of an impersonation, sorted. */
  readonly impersonation: readonly string[];
  /** The proxies that the request came by. */
  readonly by: readonly string[];
}

/** Servers that stand for API servers and proxies, and write down what reaches them. */
export interface Recorder {
  readonly authority: KeyPair;
  readonly otherAuthority: KeyPair;
  /** Signed by the authority; its common name is `admin`. */
  readonly client: KeyPair;
  readonly ports: Readonly<Record<"home" | "office" | "plain" | "proxy" | "secureProxy" | "socks", number>>;
  /** What was seen since the last call. */
  readonly take: () => Seen[];
  readonly close: () => void;
}

function impersonationIn({ rawHeaders }: http.IncomingMessage): string[] {
  const pairs = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[index + 1] ?? ""}`] : [],
  );
  return pairs.filter((pair) => pair.startsWith("impersonate-")).sort();
}

function clientOf(socket: Socket): string {
  // Without a certificate it is an empty object.
  const certificate: Partial<PeerCertificate> = (socket as Partial<TLSSocket>).getPeerCertificate?.() ?? {};
  return String(certificate.subject?.CN ?? "");
}

/** Starts them on free ports of this machine. */
export async function startRecorder(folder: string): Promise<Recorder> {
  const [authority, otherAuthority] = await Promise.all([
    createAuthority(`${folder}/pki`, "authority"),
    createAuthority(`${folder}/pki`, "other"),
  ]);
  const client = await issue(authority, { user: "admin" });
  const addresses = ["127.0.0.1", "localhost", "api.example", "api.other.example"];
  const pair = await issue(authority, { user: "server", addresses });
  const seen: Seen[] = [];
  const by = new Map<number, string>();
  const sockets = new Set<Socket>();
  const record =
    (server: string) =>
    (request: http.IncomingMessage, response: http.ServerResponse): void => {
      const { socket, headers, url = "" } = request;
      const proxied = by.get(socket.remotePort ?? 0) ?? (url.startsWith("http:") ? "proxy" : undefined);
      const servername = (socket as Partial<TLSSocket>).servername;
      seen.push({
        server,
        path: url,
        name: typeof servername === "string" ? servername : "",
        client: clientOf(socket),
        authorization: headers.authorization ?? "",
        compression: headers["accept-encoding"]?.includes("gzip") === true,
        impersonation: impersonationIn(request),
        by: proxied === undefined ? [] : [proxied],
      });
      response.writeHead(200, { "content-type": "application/json", connection: "close" });
      response.end('{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"default"}}');
    };
  const options = {
    cert: pair.certificate,
    key: pair.key,
    requestCert: true,
    rejectUnauthorized: false,
    ca: authority.certificate,
  };
  // A proxy leads every name to the server of the port.
  const lead = (socket: Socket, port: number, name: string, answer: string | Buffer): void => {
    const onward = connect(port, "127.0.0.1", () => {
      const from = onward.localPort ?? 0;
      by.set(from, name);
      // The kernel reuses the port for later connections, which may not come through the proxy.
      onward.on("close", () => by.delete(from));
      socket.write(answer);
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  };
  const leading =
    (name: string) =>
    ({ url = "", headers }: http.IncomingMessage, socket: Socket): void => {
      const { "proxy-authorization": authorization = "" } = headers;
      const port = Number(/:(\d+)$/u.exec(url)?.[1]);
      lead(socket, port, `${name} ${authorization}`.trim(), "HTTP/1.1 200 OK\r\n\r\n");
    };
  const proxy = http.createServer(record("proxy")).on("connect", leading("proxy"));
  const secureProxy = https
    .createServer(options, record("secure proxy"))
    .on("connect", leading("secure proxy"));
  // RFC 1928 without authentication.
  const socks = createServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (asked: Buffer) => {
        // An address is an IPv4 one or a name, which the proxy resolves.
        const kind = asked[3] === 3 ? "a name" : "an address";
        lead(
          socket,
          asked.readUInt16BE(asked.length - 2),
          `socks with ${kind}`,
          Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
        );
      });
    });
  });
  const servers = {
    home: https.createServer(options, record("home")),
    office: https.createServer(options, record("office")),
    plain: http.createServer(record("plain")),
    proxy,
    secureProxy,
    socks,
  };
  const ports: Record<string, number> = {};
  for (const [name, server] of Object.entries(servers)) {
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ports[name] = (server.address() as AddressInfo).port;
  }
  return {
    authority,
    otherAuthority,
    client,
    ports: ports as Recorder["ports"],
    take: () => seen.splice(0),
    close: () => {
      for (const server of Object.values(servers)) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
