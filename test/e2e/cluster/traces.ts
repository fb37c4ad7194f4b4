import { existsSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { findMarked } from "../../../tools/cluster/namespaces";
import { cgroupMounts } from "../../../tools/cluster/cgroups";
import { layoutOf } from "../../../tools/cluster/layout";
import { allPids, namespaceOf, readProc } from "../../../tools/cluster/processes";

/** Everything of a cluster that can be found on the machine, in words; nothing if it left nothing. */
export function tracesOf(name: string, pidNamespaces: readonly string[] = []): string[] {
  const layout = layoutOf(name);
  const cgroups = cgroupMounts(readFileSync("/proc/self/mountinfo", "utf8"));
  const { link, cgroup } = layout;
  return [
    ...(existsSync(layout.folder) ? [`folder ${layout.folder}`] : []),
    ...(networkInterfaces()[link] === undefined && !existsSync(`/sys/class/net/${link}`)
      ? []
      : [`interface ${link}`]),
    ...cgroups.map((root) => join(root, cgroup)).filter((folder) => existsSync(folder)),
    ...findMarked(layout).map((pid) => `anchor ${pid}`),
    ...allPids().flatMap((pid) => {
      const inside = pidNamespaces.includes(namespaceOf(pid, "pid") ?? "");
      const mounts = readProc(pid, "mountinfo")?.includes(`${layout.folder}/`) === true;
      return inside || mounts
        ? [`process ${pid}: ${readProc(pid, "cmdline")?.replaceAll("\0", " ") ?? ""}`]
        : [];
    }),
  ];
}

/** The machine's own mounts, without the numbers that say in which order they were made. */
export function ownMounts(): string[] {
  const lines = readFileSync("/proc/self/mountinfo", "utf8").trim().split("\n");
  return lines.map((line) => line.split(" ").slice(2).join(" "));
}

/** The sockets that wait for others in the machine's own network namespace: `tcp 0100007F:0016`. */
export function ownListeners(): string[] {
  return ["tcp", "tcp6", "udp", "udp6"].flatMap((protocol) => {
    const file = `/proc/self/net/${protocol}`;
    const rows = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").slice(1) : [];
    const fields = rows.map((row) => row.trim().split(/\s+/));
    // 0A is LISTEN; a UDP socket without a peer (07) takes what comes. See proc_net_tcp in the kernel's documentation.
    return fields
      .filter((row) => row[3] === "0A" || row[3] === "07")
      .map((row) => `${protocol} ${row[1] ?? ""}`);
  });
}

/** Settings of the whole machine that a kubelet would change. */
export function machineSettings(): Record<string, string> {
  const names = [
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "net/ipv4/ip_forward",
  ];
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join("/proc/sys", name), "utf8").trim()]),
  );
}
