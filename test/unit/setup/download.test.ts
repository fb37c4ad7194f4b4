import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import fc from "fast-check";
import { type Patience, downloadFile, downloadText, findChecksum } from "../../../tools/setup/download";
import { closedAddress, inFolder, sha256, withEnvironment, withProxy, withServer } from "./support";

const CONTENT = Buffer.alloc(300_000, "pulumi");
const PATIENT: Patience = { answer: 5_000, silence: 5_000, whole: 10_000 };

const DIRECT = {
  HTTP_PROXY: undefined,
  http_proxy: undefined,
  HTTPS_PROXY: undefined,
  https_proxy: undefined,
};

interface Outcome {
  readonly error: string;
  readonly files: readonly string[];
}

/** Downloads from a server that answers in a certain way; what went wrong, and what is in the folder after it. */
function attempt(
  answer: RequestListener,
  options: Partial<{ sum: string; patience: Patience }>,
): Promise<Outcome> {
  const { sum = sha256(CONTENT), patience = PATIENT } = options;
  return withEnvironment(DIRECT, () =>
    inFolder((folder) =>
      withServer(answer, async (address) => {
        const file = join(folder, "archive");
        const error = await downloadFile({ url: `${address}/archive`, sha256: sum, file, patience }).then(
          () => "",
          (failure: unknown) => (failure as Error).message.replace(address, "http://SERVER"),
        );
        return { error, files: readdirSync(folder) };
      }),
    ),
  );
}

describe("A download", () => {
  it("puts a file with the published checksum in place", async () => {
    const outcome = await attempt((_, answer) => answer.end(CONTENT), {});
    assert.deepEqual(outcome, { error: "", files: ["archive"] });
  });

  it("refuses a file with another checksum, and leaves nothing", async () => {
    const outcome = await attempt((_, answer) => answer.end("something else"), {});
    assert.deepEqual(outcome, {
      error: `http://SERVER/archive: the SHA-256 of archive is ${sha256("something else")}, published is ${sha256(CONTENT)}`,
      files: [],
    });
  });

  it("refuses a file that breaks off before its announced length, and leaves nothing", async () => {
    const outcome = await attempt((_, answer) => {
      answer.setHeader("content-length", CONTENT.length);
      answer.write(CONTENT.subarray(0, 1000), () => answer.destroy());
    }, {});
    assert.match(outcome.error, /^http:\/\/SERVER\/archive: /);
    assert.deepEqual(outcome.files, []);
  });

  it("refuses a file that is truncated without notice, by its checksum", async () => {
    const half = CONTENT.subarray(0, 1000);
    const outcome = await attempt((_, answer) => answer.end(half), {});
    assert.match(outcome.error, new RegExp(`is ${sha256(half)}, published is ${sha256(CONTENT)}$`));
    assert.deepEqual(outcome.files, []);
  });

  it("names the status of a file that is not there", async () => {
    const outcome = await attempt((_, answer) => answer.writeHead(404).end("no such file"), {});
    assert.deepEqual(outcome, { error: "http://SERVER/archive: the server answered 404", files: [] });
  });

  it("gives up a server that does not answer", async () => {
    const patience = { ...PATIENT, answer: 200 };
    const outcome = await attempt(() => undefined, { patience });
    assert.deepEqual(outcome, { error: "http://SERVER/archive: no answer within 0.2 s", files: [] });
  });

  it("gives up a server that answers and then falls silent", async () => {
    const patience = { ...PATIENT, silence: 200 };
    const outcome = await attempt((_, answer) => answer.write("a"), { patience });
    assert.match(outcome.error, /^http:\/\/SERVER\/archive: /);
    assert.deepEqual(outcome.files, []);
  });

  it("gives up a server that never falls silent and never ends", async () => {
    const patience = { ...PATIENT, whole: 400 };
    const outcome = await attempt(
      (_, answer) => {
        const drip = setInterval(() => answer.write("a"), 20);
        answer.on("close", () => {
          clearInterval(drip);
        });
      },
      { patience },
    );
    assert.deepEqual(outcome, { error: "http://SERVER/archive: not done within 0.4 s", files: [] });
  });

  it("follows a redirection, as release servers answer with one", async () => {
    const outcome = await attempt((request, answer) => {
      if (request.url === "/archive") answer.writeHead(302, { location: "/elsewhere" }).end();
      else answer.end(CONTENT);
    }, {});
    assert.deepEqual(outcome, { error: "", files: ["archive"] });
  });

  it("names the reason if no program listens", async () => {
    const closed = await closedAddress();
    await withEnvironment(DIRECT, () =>
      assert.rejects(downloadText(`${closed}/list`, PATIENT), { message: `${closed}/list: ECONNREFUSED` }),
    );
  });

  it("goes through the proxy that the environment names", async () => {
    await inFolder((folder) =>
      withServer(
        (_, answer) => answer.end(CONTENT),
        (address) =>
          withProxy((proxy) =>
            withEnvironment(
              { ...DIRECT, http_proxy: proxy.address, no_proxy: "", NO_PROXY: "" },
              async () => {
                const file = join(folder, "archive");
                const url = `${address}/archive`;
                await downloadFile({ url, sha256: sha256(CONTENT), file, patience: PATIENT });
                assert.deepEqual(readFileSync(file), CONTENT);
                assert.deepEqual(proxy.asked, [address.replace("http://", "")]);
              },
            ),
          ),
      ),
    );
  });

  it("goes past the proxy to a host that NO_PROXY names", async () => {
    await withServer(
      (_, answer) => answer.end("list"),
      (address) =>
        withProxy((proxy) =>
          withEnvironment({ ...DIRECT, http_proxy: proxy.address, no_proxy: "127.0.0.1" }, async () => {
            assert.equal(await downloadText(`${address}/list`, PATIENT), "list");
            assert.deepEqual(proxy.asked, []);
          }),
        ),
    );
  });
});

describe("The published checksum", () => {
  const sum = sha256("a");

  it("is found by the file's whole name", () => {
    const list = `${sha256("b")}  pulumi.tar.gz.sig\n${sum}  pulumi.tar.gz\n`;
    assert.equal(findChecksum(list, "pulumi.tar.gz"), sum);
  });

  it("is found where a hash stands alone", () => {
    assert.equal(findChecksum(`${sum}\n`, "kubelet"), sum);
  });

  it("is not another file's", () => {
    assert.throws(() => findChecksum(`${sum}  other\n`, "kubelet"), {
      message: "the published checksums do not name kubelet",
    });
  });

  it("is never made up from a text that is no list", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.throws(() => findChecksum(text, "kubelet"));
      }),
    );
  });
});
