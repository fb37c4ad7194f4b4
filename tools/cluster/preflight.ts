import { existsSync } from "node:fs";
import { join } from "node:path";
import { findPrograms } from "../setup/find-installed";
import { kubernetesBin } from "../setup/paths";

/** The programs that the cluster needs in addition to Kubernetes, and the Debian package of each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  catatonit: "catatonit",
  containerd: "containerd",
  ctr: "containerd",
  etcd: "etcd-server",
  flock: "util-linux",
  ip: "iproute2",
  mount: "mount",
  nsenter: "util-linux",
  runc: "runc",
  setsid: "util-linux",
  unshare: "util-linux",
};

const KUBERNETES = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet"];

/** Checks that this program runs as root, which namespaces and mounts need. @throws Error if not. */
export function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new Error(
    "the embedded cluster needs root, for its namespaces and mounts. Run the same command with sudo",
  );
}

/** Checks that the programs are installed. @throws Error in one line that names the missing ones and how to get them. */
export function requirePrograms(): void {
  if (process.platform !== "linux") {
    throw new Error(
      `the embedded cluster needs Linux, this is ${process.platform}. Use a cluster of your own`,
    );
  }
  const missing = Object.keys(PROGRAMS).filter((program) => findPrograms(program).length === 0);
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((program) => PROGRAMS[program]))].join(" ");
    throw new Error(`${missing.join(", ")} cannot be found. Install them: apt-get install ${packages}`);
  }
  const absent = KUBERNETES.filter((program) => !existsSync(join(kubernetesBin(), program)));
  if (absent.length > 0) {
    throw new Error(`${kubernetesBin()} has no ${absent.join(", ")}. Get them: npm run setup`);
  }
}
