import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
  findDaemons,
  hasEnded,
  hintFor,
  listens,
  stageOf,
  untilStarted,
} from "../../../tools/cluster/daemon-control";
import { DAEMON_NAMES, daemonNamed, daemonsOf } from "../../../tools/cluster/daemons";
import { layoutOf } from "../../../tools/cluster/layout";
import { networkOf } from "../../../tools/cluster/network";
import { prepareNode } from "../../../tools/cluster/node";
import { commandLineOf, programOf, readProc } from "../../../tools/cluster/processes";

const network = networkOf("198.18.7.0/24");

describe("the cluster's daemons", () => {
  const options = { layout: layoutOf("unit"), network };
  const argv = (name: string) => daemonNamed(options, name).argv;

  it("are those that are announced, in that order", () => {
    assert.deepEqual(
      daemonsOf(options).map(({ name }) => name),
      [...DAEMON_NAMES],
    );
  });

  it("can be distinguished by place and program", () => {
    const keys = daemonsOf(options).map((daemon) => `${daemon.place} ${basename(daemon.argv[0] ?? "")}`);
    assert.equal(new Set(keys).size, keys.length);
  });

  it("say which ones there are if one is not known", () => {
    assert.throws(() => daemonNamed(options, "dockerd"), {
      message: `there is no daemon "dockerd"; expected one of ${DAEMON_NAMES.join(", ")}`,
    });
  });

  it("admit no request without a certificate or a token", () => {
    const server = argv("kube-apiserver");
    assert.equal(server.includes("--anonymous-auth=false"), true);
    assert.equal(server.includes("--authorization-mode=Node,RBAC"), true);
    assert.equal(server.includes("--enable-admission-plugins=NodeRestriction"), true);
    assert.equal(argv("etcd").includes("--client-cert-auth=true"), true);
    assert.equal(argv("etcd").includes("--peer-client-cert-auth=true"), true);
  });

  it("listen inside the cluster's network alone", () => {
    for (const daemon of daemonsOf(options)) {
      assert.deepEqual(
        daemon.argv.filter((argument) => argument.includes("0.0.0.0")),
        [],
        daemon.name,
      );
    }
    assert.equal(argv("kube-apiserver").includes("--bind-address=198.18.7.2"), true);
  });
});

describe("a daemon that is being started", () => {
  const daemon = daemonNamed({ layout: layoutOf("unit"), network }, "kube-controller-manager");
  // This process stands for the anchor, whose children daemons are.
  const anchors = new Map([[daemon.place, process.pid]]);
  const children = new Set<ChildProcess>();

  /** A child that runs a shell's script and is called what launches the daemon, until the script says otherwise. */
  function launching(script: string): ChildProcess {
    const child = spawn("/bin/bash", ["-c", script, "--fork", "--", ...daemon.argv], { argv0: "setsid" });
    children.add(child);
    return child;
  }

  afterEach(async () => {
    for (const child of children) {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    children.clear();
  });

  it("is known by its program, or by what is about to become it", () => {
    assert.equal(stageOf(["/elsewhere/kube-controller-manager", "--other"], daemon), "runs");
    assert.equal(stageOf(["setsid", "--fork", "--", ...daemon.argv], daemon), "starts");
    assert.equal(stageOf([], daemon), "unknown");
    assert.equal(stageOf(["setsid", "--fork", "--", ...daemon.argv.slice(0, -1)], daemon), "other");
    assert.equal(stageOf(["kube-scheduler"], daemon), "other");
    assert.equal(stageOf(daemon.argv.slice(1), daemon), "other");
  });

  it("is found before it is called by its own name", async () => {
    const { pid, stdout } = launching("echo ready; read");
    assert.ok(stdout);
    await once(stdout, "data");
    assert.deepEqual(findDaemons(anchors, [daemon]), new Map([[daemon.name, pid]]));
  });

  it("is waited for until it runs its program", async () => {
    const { pid = 0, stdin } = launching("read; exec -a /x/kube-controller-manager sleep 60");
    let started = false;
    const waiting = untilStarted(anchors, daemon).then(() => (started = true));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(started, false);
    stdin?.write("\n");
    await waiting;
    assert.equal(programOf(pid), "kube-controller-manager");
  });

  it("is not waited for any longer once it has ended", async () => {
    const child = launching("read");
    const waiting = untilStarted(anchors, daemon);
    child.stdin?.write("\n");
    await waiting;
    assert.equal(findDaemons(anchors, [daemon]).size, 0);
    if (child.exitCode === null) await once(child, "exit");
    assert.equal(hasEnded(anchors, daemon), true);
  });

  it("has not ended while its process replaces its program, again and again", async function () {
    this.timeout(60_000);
    // Each program begins the next one, so that at any moment the kernel may show no command line.
    const again = 'n=$((n + 1)); export n; [ "$n" -lt 200 ] || exec -a /x/kube-controller-manager sleep 60; ';
    const next = 'exec -a setsid /bin/bash -c "$again" --fork "$@"';
    const script = `${again}${next}`;
    const child = spawn("/bin/bash", ["-c", script, "--fork", "--", ...daemon.argv], {
      argv0: "setsid",
      env: { ...process.env, n: "0", again: script },
      stdio: "ignore",
    });
    children.add(child);
    const { pid = 0 } = child;
    await once(child, "spawn");
    let looks = 0;
    do {
      assert.equal(hasEnded(anchors, daemon), false, JSON.stringify(commandLineOf(pid)));
      looks += 1;
      await new Promise(setImmediate);
    } while (programOf(pid) !== "kube-controller-manager");
    assert.ok(looks > 10, String(looks));
    await untilStarted(anchors, daemon);
    assert.equal(findDaemons(anchors, [daemon]).get(daemon.name), pid);
  });
});

describe("readProc", () => {
  const failing = (code: string) => () => {
    throw Object.assign(new Error(code), { code });
  };

  it("finds nothing of a process that has ended", () => {
    for (const code of ["ENOENT", "ESRCH", "EACCES"]) {
      assert.equal(readProc(1, "stat", failing(code)), undefined);
    }
  });

  it("does not take a process for one that ended if the machine is out of files or memory", () => {
    for (const code of ["EMFILE", "ENFILE", "ENOMEM"]) {
      assert.throws(() => readProc(1, "stat", failing(code)), { code });
    }
  });
});

describe("listens", () => {
  it("tells a socket that is served from one that its killed owner left, and from none", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fuse-test-socket-"));
    let owner: ChildProcess | undefined;
    try {
      const path = join(folder, "runtime.sock");
      assert.equal(await listens(path), false);
      const serve = "require('node:net').createServer().listen(process.argv[1], () => console.log('served'))";
      const server = spawn(process.execPath, ["-e", serve, path], { stdio: ["ignore", "pipe", "inherit"] });
      owner = server;
      await once(server.stdout, "data");
      assert.equal(await listens(path), true);
      server.kill("SIGKILL");
      await once(server, "exit");
      assert.equal(existsSync(path), true);
      assert.equal(await listens(path), false);
    } finally {
      owner?.kill("SIGKILL");
      rmSync(folder, { recursive: true });
    }
  });
});

describe("hintFor", () => {
  it("says what to do when the machine is out of inotify instances", () => {
    const log = `E1123 kubelet.go:1687] "Failed to start cAdvisor" err="inotify_init: too many open files"`;
    assert.match(hintFor(log) ?? "", /fs\.inotify\.max_user_instances$/);
  });

  it("does not guess", () => {
    assert.equal(hintFor('err="too many open files in system"'), undefined);
    assert.equal(hintFor(""), undefined);
  });
});

describe("a node's settings", () => {
  let state = "";
  let before: string | undefined;
  beforeEach(() => {
    before = process.env.FUSE_TEST_STATE;
    state = mkdtempSync(join(tmpdir(), "fuse-test-node-"));
    process.env.FUSE_TEST_STATE = state;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.FUSE_TEST_STATE;
    else process.env.FUSE_TEST_STATE = before;
    rmSync(state, { recursive: true });
  });

  it("keep strangers out of the kubelet and the two nodes' pods apart", () => {
    const layout = layoutOf("unit");
    prepareNode({ layout, network, node: "w2" });
    const settings = JSON.parse(
      readFileSync(join(layout.node("w2").settings, "kubelet.json"), "utf8"),
    ) as Record<string, unknown>;
    assert.deepEqual(settings.authentication, {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: "/var/lib/fuse-test/settings/ca.crt" },
    });
    assert.deepEqual(settings.authorization, { mode: "Webhook" });
    assert.equal(settings.address, "198.18.7.4");
    assert.equal(settings.readOnlyPort, 0);
    assert.equal(settings.cgroupRoot, `${layout.cgroup}/w2`);
    assert.equal(settings.failCgroupV1, false);
  });
});
