import assert from "node:assert/strict";
import fc from "fast-check";
import { CommanderError } from "commander";
import { fromPerson } from "../../../tools/command-line/folder";
import { parseCommandLine } from "../../../commands/verdict-arguments";
import { decide } from "../../../verdict/decide";
import { deviceNumber, isFuse, parseMount, parseMountinfo, propagation } from "../../../verdict/mountinfo";
import { LOG_LIMIT_BYTES, LogLines } from "../../../verdict/observer/log-lines";
import { parsePodLog } from "../../../protocol/pod-log";
import { parseRequest } from "../../../protocol/verdict-request";
import { hideSecrets } from "../../../kube/secrets";
import { observed, passing } from "../../support/observations";

const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.json(),
  fc.constantFrom(
    "",
    "{",
    '{"run":"r1","role":"consumer","event":"__proto__"}',
    "null",
    "[]",
    "\u0000",
    "-".repeat(99),
  ),
);

const line =
  "36 35 98:0 /mnt1 /mnt\\0402 rw,noatime shared:7 master:1 - fuse.rclone remote:a\\134b rw,allow_other";

describe("mountinfo", () => {
  it("is read field by field, escapes undone", () => {
    assert.deepEqual(parseMount(line), {
      id: 36,
      parent: 35,
      device: "98:0",
      root: "/mnt1",
      mountPoint: "/mnt 2",
      options: ["rw", "noatime"],
      shared: 7,
      master: 1,
      type: "fuse.rclone",
      source: "remote:a\\b",
      superOptions: ["rw", "allow_other"],
    });
  });

  it("tells FUSE from what only sounds like it", () => {
    const types = ["fuse", "fuse.sshfs", "fuseblk", "fusectl", "ext4", "tmpfs", "fuse."];
    const seen = types.map((type) => parseMount(line.replace("fuse.rclone", type)));
    assert.deepEqual(
      seen.map((mount) => mount !== undefined && isFuse(mount)),
      [true, true, false, false, false, false, true],
    );
  });

  it("names the peer groups", () => {
    const mounts = parseMountinfo(`${line}\nnonsense\n${line.replace(" shared:7 master:1", "")}\n`);
    assert.deepEqual(mounts.map(propagation), ["shared:7 master:1", "private"]);
  });

  it("gives the number of stat(2) for a device", () => {
    assert.deepEqual(["0:55", "98:0", "0:256", "8:257"].map(deviceNumber), [55, 25088, 1048576, 1050625]);
  });

  it("never throws, and takes no line that has not every field", () => {
    fc.assert(fc.property(hostile, (text) => Array.isArray(parseMountinfo(text))));
    fc.assert(
      fc.property(fc.nat(line.split(" ").length - 1), (index) => {
        const words = line.split(" ");
        words.splice(index, 1);
        const mount = parseMount(words.join(" "));
        assert.ok(mount === undefined || ["shared:7", "master:1"].includes(line.split(" ")[index] ?? ""));
      }),
    );
  });
});

describe("a pod's log", () => {
  it("never throws and is never a SUCCESS, whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.array(hostile),
        fc.constantFrom("producer" as const, "consumer" as const),
        (texts, role) => {
          const log = texts.map((text, index) => ({ time: index, text }));
          const decision = decide(passing({ pods: { ...passing().pods, [role]: observed(role, log) } }));
          assert.ok(!decision.certain || decision.judgement.verdict !== "SUCCESS");
        },
      ),
    );
  });

  it("sets aside lines of 10 MB and of binary, unread", () => {
    const text = `{"run":"r1","role":"consumer","event":"examined","x":"${"x".repeat(10_000_000)}"}`;
    const report = parsePodLog([{ time: 0, text }], { run: "r1", role: "consumer" });
    assert.deepEqual(report.events, []);
    assert.equal(report.strangeLines[0]?.length, 500);
  });

  it("takes only the last line for the conclusion", () => {
    const origin = { run: "r1", role: "consumer" } as const;
    const success = { time: 0, text: "SUCCESS: Producer marker found" };
    assert.equal(parsePodLog([success], origin).conclusion, "success");
    assert.equal(parsePodLog([success, { time: 0, text: "and more" }], origin).conclusion, undefined);
  });
});

describe("lines of a log with times", () => {
  it("are cut at their ends, and the last one without an end is left out while it grows", () => {
    const text = "2026-01-02T03:04:05.5Z one two\n2026-01-02T03:04:06Z three";
    const one = { time: Date.parse("2026-01-02T03:04:05.5Z"), text: "one two" };
    const three = { time: Date.parse("2026-01-02T03:04:06Z"), text: "three" };
    const log = new LogLines();
    log.add(Buffer.from(text));
    assert.deepEqual(log.lines, [one]);
    log.end();
    assert.deepEqual(log.lines, [one, three]);
  });

  it("are the same in whatever pieces they come", () => {
    const time = "2026-01-02T03:04:05.5Z ";
    fc.assert(
      fc.property(fc.array(hostile), fc.array(fc.integer({ min: 1, max: 9 })), (texts, sizes) => {
        const bytes = Buffer.from(texts.map((text) => `${time}${text}\n`).join(""));
        const [whole, pieces] = [new LogLines(), new LogLines()];
        whole.add(bytes);
        let from = 0;
        for (const size of sizes) pieces.add(bytes.subarray(from, (from += size)));
        pieces.add(bytes.subarray(from));
        assert.deepEqual(pieces.lines, whole.lines);
        assert.ok(whole.lines.length >= texts.length);
      }),
    );
  });

  it("are read up to 4 MiB, of one line or of a million, in the pieces of a pod that prints without end", () => {
    for (const line of ["\n", `2026-01-02T03:04:05Z ${"x".repeat(10_000_000)}\n`]) {
      const log = new LogLines();
      const bytes = Buffer.from(line.repeat(line.length === 1 ? 10_000_000 : 1));
      for (let from = 0; from < bytes.length; from += 1000) log.add(bytes.subarray(from, from + 1000));
      log.end();
      const length = log.lines.reduce((sum, { text }) => sum + text.length, 0);
      assert.ok(length <= LOG_LIMIT_BYTES);
    }
  });
});

describe("a request", () => {
  it("is refused unless it is one", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.throws(() => parseRequest(text));
      }),
    );
  });
});

describe("the command line", () => {
  it("has defaults, and takes every option", () => {
    assert.deepEqual(parseCommandLine([]), {
      kubeconfig: undefined,
      context: undefined,
      namespace: "fuse-test",
      run: undefined,
      node: undefined,
      timeoutSeconds: 120,
      reports: fromPerson("reports"),
      json: false,
    });
    const all = "--kubeconfig f --context c --namespace n --run r --node w1 --timeout 5 --reports d --json";
    assert.deepEqual(parseCommandLine(all.split(" ")), {
      kubeconfig: fromPerson("f"),
      context: "c",
      namespace: "n",
      run: "r",
      node: "w1",
      timeoutSeconds: 5,
      reports: fromPerson("d"),
      json: true,
    });
  });

  it("names a mistake in one line", () => {
    for (const [args, words] of [
      [["--nmespace", "x"], /--nmespace/],
      [["--timeout", "soon"], /--timeout <seconds>' argument 'soon' is invalid\. Expected whole seconds/],
      [["--timeout", "0"], /--timeout/],
      [["--run", "a/../b"], /--run <id>' argument 'a\/..\/b' is invalid\. Expected a name/],
      [["--namespace"], /--namespace/],
    ] as const)
      assert.throws(
        () => parseCommandLine(args),
        (error) => error instanceof CommanderError && words.test(error.message),
        args.join(" "),
      );
  });

  it("never fails in another way", () => {
    fc.assert(
      fc.property(fc.array(hostile), (args) => {
        try {
          parseCommandLine(args);
        } catch (error) {
          assert.ok(error instanceof CommanderError);
        }
      }),
    );
  });
});

describe("secrets", () => {
  const secret = "s3cr3tValue";
  const token = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.${secret}`;
  for (const text of [
    `Authorization: Bearer ${token}`,
    `token: ${secret}`,
    `"token":"${secret}"`,
    `password=${secret}`,
    `client-key-data: ${secret}`,
    `https://user:${secret}@host/path`,
    `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY-----\n${secret}`,
    `x ${token} y`,
  ]) {
    it(`are cut out of ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.equal(hideSecrets(text).includes(secret), false);
      assert.match(hideSecrets(text), /\[hidden\]/);
    });
  }

  it("are not seen if there are none, and nothing throws", () => {
    const plain = 'path "/tmp/x" is mounted on "/" but it is not a shared mount';
    assert.equal(hideSecrets(plain), plain);
    fc.assert(fc.property(hostile, (text) => typeof hideSecrets(text) === "string"));
  });
});
