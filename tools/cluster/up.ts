import { existsSync, mkdirSync } from "node:fs";
import { PLACES, findAnchors, startAnchor, type Anchors } from "./namespaces";
import { createCgroup } from "./cgroups";
import { readDescriptor, type ClusterDescriptor } from "./descriptor";
import { tearDown } from "./down";
import { writePrivate } from "./files";
import { buildImages } from "./image/build";
import { layoutOf, type Layout } from "./layout";
import { withLock } from "./lock";
import { chooseBlock, connectNetwork, machineAddresses, networkOf } from "./network";
import { nodeCgroup, prepareNode } from "./node";
import { DEFAULT_ROOTS, NODES, type UpOptions } from "./options";
import { requirePrograms, requireRoot } from "./preflight";
import { readSettings, type ClusterSettings } from "./settings";
import { startDaemons } from "./start-daemons";
import { clusterStatus } from "./status";
import { credentialsLast } from "./validity";

/**
 * Starts a cluster, or what is missing of it, and waits until both nodes take pods.
 * @returns its descriptor, which is also written to cluster.json
 * @throws Error that names the daemon that did not start, with the last lines of its log
 */
export async function clusterUp(options: UpOptions): Promise<ClusterDescriptor> {
  requireRoot();
  const layout = layoutOf(options.name);
  if (await isUp(layout, options)) return readDescriptor(options.name);
  requirePrograms();
  return await withLock(layout.folder, async () => {
    if (await isUp(layout, options)) return readDescriptor(options.name);
    return await start(layout, options);
  });
}

async function isUp(layout: Layout, options: UpOptions): Promise<boolean> {
  if (!existsSync(layout.descriptor)) return false;
  const settings = readSettings(layout);
  if (settings === undefined || differs(settings, options) || !credentialsLast(layout)) return false;
  return (await clusterStatus(options)).healthy;
}

function differs(settings: ClusterSettings, { roots, network }: UpOptions): boolean {
  return (
    (network !== undefined && network !== settings.block) ||
    NODES.some((node) => roots?.[node] !== undefined && roots[node] !== settings.roots[node])
  );
}

async function start(layout: Layout, options: UpOptions): Promise<ClusterDescriptor> {
  const images = buildImages(options.log);
  images.catch(() => undefined);
  const old = readSettings(layout);
  if (
    old === undefined ||
    differs(old, options) ||
    !credentialsLast(layout) ||
    !isWhole(findAnchors(layout))
  ) {
    await beginAnew(layout, options, old);
  }
  const settings = readSettings(layout);
  if (settings === undefined)
    throw new Error(`${layout.settings} cannot be read; run: npm run cluster -- down`);
  const image = await startDaemons({
    layout,
    network: networkOf(settings.block),
    anchors: findAnchors(layout),
    images,
    log: options.log,
  });
  const descriptor = { name: options.name, kubeconfig: layout.kubeconfig, image };
  writePrivate(layout.descriptor, `${JSON.stringify(descriptor, null, 2)}\n`);
  return descriptor;
}

function isWhole(anchors: Anchors): boolean {
  return PLACES.every((place) => anchors.has(place));
}

async function beginAnew(
  layout: Layout,
  options: UpOptions,
  old: ClusterSettings | undefined,
): Promise<void> {
  options.log(`starting cluster ${options.name}`);
  await tearDown(layout);
  const settings: ClusterSettings = {
    block: options.network ?? old?.block ?? chooseBlock(layout.folder, machineAddresses()),
    roots: { ...DEFAULT_ROOTS, ...old?.roots, ...options.roots },
  };
  const network = networkOf(settings.block);
  writePrivate(layout.settings, `${JSON.stringify(settings, null, 2)}\n`);
  mkdirSync(layout.logs, { mode: 0o700 });
  mkdirSync(layout.etcd, { mode: 0o700 });
  for (const node of NODES) {
    createCgroup(nodeCgroup(layout, node));
    prepareNode({ layout, network, node });
  }
  const credentials = await import("./credentials.js");
  const control = await startAnchor({ layout, place: "control" });
  await Promise.all([
    credentials.createCredentials(layout, network),
    connectNetwork(layout.link, network, control),
    ...NODES.map((place) => startAnchor({ layout, place, control, root: settings.roots[place] })),
  ]);
}
