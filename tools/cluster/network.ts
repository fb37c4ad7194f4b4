import { createHash } from "node:crypto";
import { networkInterfaces } from "node:os";
import { runCommand, mustRun } from "../setup/run";
import { enter } from "./namespaces";
import type { NodeName } from "./options";

/** The addresses of one cluster: a /24 of 198.18.0.0/15, which RFC 2544 keeps for tests within a machine or lab. */
export interface ClusterNetwork {
  /** The whole, such as `198.18.7.0/24`. */
  readonly block: string;
  /** The machine's end of the link. */
  readonly machine: string;
  readonly apiServer: string;
  readonly nodes: Readonly<Record<NodeName, string>>;
  readonly pods: Readonly<Record<NodeName, string>>;
  readonly services: string;
  /** The address that the `kubernetes` service gets: the first of the range. */
  readonly apiService: string;
  readonly dnsService: string;
}

/** Name of the end of the link within the cluster. */
const INSIDE = "uplink";

/** Splits a /24 into link, pods of both nodes and services, a quarter each. */
export function networkOf(block: string): ClusterNetwork {
  const match = /^((?:\d{1,3}\.){3})0\/24$/.exec(block);
  const start = match?.[1];
  if (start === undefined || start.split(".").some((part) => Number(part) > 255)) {
    throw new Error(`the cluster's network is "${block}"; expected a /24 such as 198.18.7.0/24`);
  }
  return {
    block,
    machine: `${start}1`,
    apiServer: `${start}2`,
    nodes: { w1: `${start}3`, w2: `${start}4` },
    pods: { w1: `${start}64/26`, w2: `${start}128/26` },
    services: `${start}192/26`,
    apiService: `${start}193`,
    dnsService: `${start}202`,
  };
}

/**
 * Chooses the network of a cluster by a key: the same key gets the same one, unless an address of it is taken.
 * @param taken addresses that the machine already has
 */
export function chooseBlock(key: string, taken: readonly string[]): string {
  const first = createHash("sha256").update(key).digest().readUInt16BE(0) % 512;
  for (let step = 0; step < 512; step += 1) {
    const slot = (first + step) % 512;
    const start = `198.${18 + (slot >> 8)}.${slot & 255}.`;
    if (!taken.some((address) => address.startsWith(start))) return `${start}0/24`;
  }
  throw new Error("every network of 198.18.0.0/15 is in use on this machine; stop a cluster");
}

/** Returns the IPv4 addresses that this machine has now. */
export function machineAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}

/** Links the machine with the cluster's network namespace, which has no other way out and no default route. */
export async function connectNetwork(link: string, network: ClusterNetwork, control: number): Promise<void> {
  await disconnectNetwork(link);
  const inside = (...argv: string[]) => mustRun({ argv: enter(control, ["ip", ...argv]) });
  const outside = (...argv: string[]) => mustRun({ argv: ["ip", ...argv] });
  await outside("link", "add", link, "type", "veth", "peer", "name", INSIDE, "netns", String(control));
  await outside("address", "add", `${network.machine}/26`, "dev", link);
  await outside("link", "set", link, "addrgenmode", "none", "up");
  await inside("link", "set", "lo", "up");
  for (const address of [network.apiServer, network.nodes.w1, network.nodes.w2]) {
    await inside("address", "add", `${address}/26`, "dev", INSIDE);
  }
  await inside("link", "set", INSIDE, "addrgenmode", "none", "up");
}

/** Removes the machine's end of the link, and the other end with it. */
export async function disconnectNetwork(link: string): Promise<void> {
  const exists = async () => (await runCommand({ argv: ["ip", "link", "show", link] })).code === 0;
  if (!(await exists())) return;
  await runCommand({ argv: ["ip", "link", "delete", link] });
  if (await exists()) {
    throw new Error(`the network interface ${link} cannot be removed; try: ip link delete ${link}`);
  }
}
