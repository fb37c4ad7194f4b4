import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { type RequestListener, type Server, createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";

/** SHA-256 in hexadecimal. */
export function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Runs a test in a folder of its own, which is removed after it. */
export async function inFolder<T>(use: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "fuse-test-unit-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a test with some environment variables changed; undefined removes one. */
export async function withEnvironment<T>(
  changes: Readonly<Record<string, string | undefined>>,
  use: () => Promise<T> | T,
): Promise<T> {
  const before = { ...process.env };
  const set = (values: NodeJS.ProcessEnv): void => {
    for (const name of Object.keys(changes)) {
      const value = values[name];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
  set(changes);
  try {
    return await use();
  } finally {
    set(before);
  }
}

async function withListening<T>(server: Server, use: (address: string) => Promise<T>): Promise<T> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

/** Runs a test with a web server on loopback. */
export function withServer<T>(answer: RequestListener, use: (address: string) => Promise<T>): Promise<T> {
  return withListening(createServer(answer), use);
}

/** Runs a test with an HTTP proxy on loopback; `asked` gathers where it was asked to connect to. */
export async function withProxy<T>(
  use: (proxy: { readonly address: string; readonly asked: readonly string[] }) => Promise<T>,
): Promise<T> {
  const asked: string[] = [];
  const open = new Set<Duplex>();
  const server = createServer().on("connect", (request, socket: Duplex) => {
    asked.push(request.url ?? "");
    const [host, port] = (request.url ?? "").split(":");
    const target = connect(Number(port), host ?? "");
    for (const end of [socket, target]) {
      open.add(end);
      end.on("error", () => undefined);
    }
    target.on("connect", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
  });
  return withListening(server, async (address) => {
    try {
      return await use({ address, asked });
    } finally {
      for (const end of open) end.destroy();
    }
  });
}

/** An address on loopback if no program listens. */
export function closedAddress(): Promise<string> {
  return withServer(
    () => undefined,
    (address) => Promise.resolve(address),
  );
}
