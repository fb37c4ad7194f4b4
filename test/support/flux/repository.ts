import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** A commit as source-controller shows it in a GitRepository's status. */
interface Artifact {
  readonly path: string;
  readonly url: string;
  /** `main@sha1:` and the commit's hash. */
  readonly revision: string;
  /** `sha256:` and the checksum of the tarball. */
  readonly digest: string;
  readonly size: number;
  /** RFC 3339. */
  readonly lastUpdateTime: string;
}

/** A git repository whose commits are served as tarballs, on loopback alone. */
export interface Repository {
  /** Commits what the repository is to hold, by path, and nothing else, and serves the commit. */
  readonly commit: (files: Readonly<Record<string, string>>, message: string) => Artifact;
  /** Ends the server and removes the repository with all tarballs. */
  readonly remove: () => Promise<void>;
}

const GIT = [
  ...["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"],
  ...["-c", "core.hooksPath=/dev/null"],
] as const;

const GIT_TIMEOUT = 20_000;

function listen(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    try {
      const tarball = readFileSync(join(folder, basename(request.url ?? "")));
      response.writeHead(200, { "content-type": "application/gzip" }).end(tarball);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      resolve(server);
    });
  });
}

/** Makes an empty repository with the branch `main`. Whoever makes it removes it. */
export async function makeRepository(): Promise<Repository> {
  const home = mkdtempSync(join(tmpdir(), "fuse-test-repository-"));
  const [checkout, tarballs] = [join(home, "checkout"), join(home, "tarballs")];
  const git = (...args: readonly string[]): string =>
    execFileSync("git", [...GIT, ...args], {
      cwd: checkout,
      encoding: "utf8",
      timeout: GIT_TIMEOUT,
      env: { PATH: process.env.PATH, HOME: home },
    });
  for (const folder of [checkout, tarballs]) mkdirSync(folder);
  git("init", "--quiet", "--initial-branch=main");
  const server = await listen(tarballs);
  const { port } = server.address() as AddressInfo;

  return {
    commit: (files, message) => {
      git("rm", "-r", "--quiet", "--force", "--ignore-unmatch", ".");
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(checkout, path)), { recursive: true });
        writeFileSync(join(checkout, path), text);
      }
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", message);
      const hash = git("rev-parse", "HEAD").trim();
      const tarball = join(tarballs, `${hash}.tar.gz`);
      git("archive", "--format=tar.gz", "--output", tarball, "HEAD");
      return {
        path: `gitrepository/${hash}.tar.gz`,
        url: `http://127.0.0.1:${port}/${hash}.tar.gz`,
        revision: `main@sha1:${hash}`,
        digest: `sha256:${createHash("sha256").update(readFileSync(tarball)).digest("hex")}`,
        size: statSync(tarball).size,
        lastUpdateTime: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      };
    },
    remove: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(home, { recursive: true });
    },
  };
}
