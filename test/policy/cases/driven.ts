import { bothAllow, type Case } from "./case";
import { ordinary, POD } from "./fixtures";
import { other, persistentVolume } from "./other";

const bridge = "/tmp/fuse-test-bridge";

const classes = {
  admission: "none",
  reason: "the guard judges the volumes that come of a class",
} as const;

const sources = (path: string): Readonly<Record<string, unknown>> => ({
  "an attribute of a CSI driver": {
    csi: { driver: "hostpath.example.com", volumeAttributes: { a: "b", path } },
  },
  "an option of a flexVolume": { flexVolume: { driver: "example.com/bind", options: { a: "b", path } } },
  "the path of an NFS server": { nfs: { server: "10.0.0.1", path } },
});

function persistentSource(what: string, source: unknown, more: Partial<Case> = {}): Case {
  const text = JSON.stringify(source).replace('"volumeAttributes"', '"volumeHandle":"a","volumeAttributes"');
  return persistentVolume(`with ${what}`, JSON.parse(text) as object, more);
}

const handle = (volumeHandle: string) => ({ csi: { driver: "hostpath.example.com", volumeHandle } });

/** Directories that the driver of a volume is given. */
export const driven: readonly Case[] = [
  ...[bridge, `${bridge}/x`, "/dev/./fuse"].flatMap((path) =>
    Object.entries(sources(path)).flatMap(([what, source]) => [
      other(`${path} as ${what}`, POD, ordinary({ volumes: [{ name: "v", ...(source as object) }] }), {}),
      persistentSource(`${path} as ${what}`, source),
    ]),
  ),
  persistentSource("the bridge as a handle", handle(bridge)),
  ...Object.entries(sources("/srv/media")).flatMap(([what, source]) => [
    other(
      `another directory as ${what}`,
      POD,
      ordinary({ volumes: [{ name: "v", ...(source as object) }] }),
      bothAllow,
    ),
    persistentSource(`another directory as ${what}`, source, bothAllow),
  ]),
  persistentSource("a handle", handle("server#share#fuse-test-bridge"), bothAllow),
  ...["storage.k8s.io/v1:StorageClass", "storage.k8s.io/v1:VolumeAttributesClass"].flatMap((type) =>
    [bridge, "/srv/media"].map((nodePath) =>
      other(
        `a ${type} with ${nodePath}`,
        `kubernetes:${type}`,
        {
          apiVersion: "storage.k8s.io/v1",
          kind: type.split(":")[1],
          metadata: { name: "local" },
          provisioner: "example.com/local-path",
          parameters: { nodePath },
        },
        { ...classes, organization: nodePath === bridge ? "refused" : "allowed" },
      ),
    ),
  ),
];
