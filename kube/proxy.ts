import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { Environment } from "./files";

/**
 * Selects the proxy of a request by the rules of golang.org/x/net/http/httpproxy, which client-go follows if
 * the kubeconfig names none.
 */

function firstSet(environment: Environment, ...names: readonly string[]): string {
  return names.map((name) => environment[name] ?? "").find((value) => value !== "") ?? "";
}

/** Parses the address of a proxy; a host without a scheme is reached by HTTP. */
function parseProxy(text: string): string | undefined {
  if (text === "") return undefined;
  const whole = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]/u.test(text) ? text : `http://${text}`;
  return URL.canParse(whole) ? whole : undefined;
}

/** Normalises an IP address: without brackets, and IPv4 in IPv6 as IPv4. */
function address(host: string): string {
  const plain = host.replace(/^\[|\]$/gu, "");
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(plain)?.[1] ?? plain;
}

function family(ip: string): "ipv4" | "ipv6" {
  return isIP(ip) === 4 ? "ipv4" : "ipv6";
}

function contains(ip: string, add: (list: BlockList) => void): boolean {
  const list = new BlockList();
  add(list);
  return list.check(ip, family(ip));
}

function isLoopback(ip: string): boolean {
  return contains(ip, (list) => {
    list.addSubnet("127.0.0.0", 8, "ipv4");
    list.addAddress("::1", "ipv6");
  });
}

function isSubnet(word: string): { readonly net: string; readonly prefix: number } | undefined {
  const [net = "", prefix = "", ...rest] = word.split("/");
  const bits = Number(prefix);
  if (rest.length > 0 || isIP(net) === 0 || !/^\d{1,3}$/u.test(prefix)) return undefined;
  return bits <= (isIP(net) === 4 ? 32 : 128) ? { net, prefix: bits } : undefined;
}

/**
 * Splits an entry of NO_PROXY into host and port: `10.0.0.1`, `[::1]:443`, `example.com:443`, `.example.com`.
 */
function hostAndPort(word: string): { readonly host: string; readonly port: string } {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/u.exec(word);
  if (match === null) return { host: word, port: "" };
  return { host: match[1] ?? match[2] ?? "", port: match[3] ?? "" };
}

interface Target {
  /** In lower case; an IP address is normalised. */
  readonly host: string;
  readonly port: string;
}

/** Returns true if an entry of NO_PROXY matches the target. */
function excludes(word: string, target: Target): boolean {
  if (word === "*") return true;
  const ip = isIP(target.host) === 0 ? undefined : target.host;
  const subnet = isSubnet(word);
  if (subnet !== undefined) {
    return (
      ip !== undefined &&
      family(ip) === family(subnet.net) &&
      contains(ip, (list) => {
        list.addSubnet(subnet.net, subnet.prefix, family(subnet.net));
      })
    );
  }
  const { host, port } = hostAndPort(word);
  if (host === "" || (port !== "" && port !== target.port)) return false;
  if (isIP(address(host)) !== 0)
    return (
      ip !== undefined &&
      contains(ip, (list) => {
        list.addAddress(address(host), family(address(host)));
      })
    );
  if (ip !== undefined) return false;
  const name = host.replace(/^\*(?=\.)/u, "");
  const suffix = name.startsWith(".") ? name : `.${name}`;
  const ascii = domainToASCII(suffix.slice(1)) || suffix.slice(1);
  return target.host.endsWith(`.${ascii}`) || (!name.startsWith(".") && target.host === ascii);
}

/**
 * Returns the environment's proxy for a server; undefined if it is reached directly, as the machine itself
 * always is.
 */
export function environmentProxy(server: URL, environment: Environment): string | undefined {
  const secure = server.protocol === "https:";
  const proxy = parseProxy(
    secure
      ? firstSet(environment, "HTTPS_PROXY", "https_proxy")
      : firstSet(environment, "HTTP_PROXY", "http_proxy"),
  );
  if (proxy === undefined) return undefined;
  const target = {
    host: address(server.hostname.toLowerCase()),
    port: server.port === "" ? (secure ? "443" : "80") : server.port,
  };
  if (target.host === "localhost" || (isIP(target.host) !== 0 && isLoopback(target.host))) return undefined;
  const words = firstSet(environment, "NO_PROXY", "no_proxy").toLowerCase().split(",");
  return words.some((word) => word.trim() !== "" && excludes(word.trim(), target)) ? undefined : proxy;
}
