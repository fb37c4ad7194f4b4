import { createHash } from "node:crypto";
import type { CheckDefinition } from "../check";
import { BRIDGE_MOUNT_PATH } from "../../manifests/common";
import { deviceNumber, isFuse, parseMount } from "../mountinfo";
import { only } from "../../protocol/pod-log";

/** Path of the mount in both pods. */
const mountPoint = `${BRIDGE_MOUNT_PATH}/mount`;

function describeMount(text: string): { observed: string; passed: boolean } {
  const mount = parseMount(text);
  if (mount === undefined)
    return { observed: `not a line of mountinfo: ${text.slice(0, 100)}`, passed: false };
  return {
    observed: `${mount.type} at ${mount.mountPoint}`,
    passed: isFuse(mount) && mount.mountPoint === mountPoint,
  };
}

/** A real FUSE filesystem is mounted in the producer. */
export const producerMounted: CheckDefinition = {
  name: "producer-mounted",
  expected: `a fuse entry in the producer's mountinfo at ${mountPoint}`,
  cause: "wrong-filesystem",
  find: ({ pods }) => {
    const mounted = only(pods.producer.report, "mounted");
    if (mounted === undefined) return undefined;
    // The producer reads its mount before it reports it: the consumer may have seen it already.
    const seen = only(pods.consumer.report, "seen");
    return { ...describeMount(mounted.mountinfo), time: Math.min(mounted.time, seen?.time ?? Infinity) };
  },
};

/** The consumer's own mountinfo has a FUSE entry. */
export const consumerMounted: CheckDefinition = {
  name: "consumer-mounted",
  expected: `a fuse entry in the consumer's mountinfo at ${mountPoint}`,
  cause: "wrong-filesystem",
  find: ({ pods }) => {
    const seen = only(pods.consumer.report, "seen");
    return seen && { ...describeMount(seen.mountinfo), time: seen.time };
  },
};

/** The consumer ran before the mount was made: a pod that starts later gets it with any propagation. */
export const mountedLive: CheckDefinition = {
  name: "mounted-live",
  expected: "the consumer started before the mount was made, and saw it appear",
  cause: "control-failed",
  find: ({ pods }) => {
    const started = only(pods.consumer.report, "started");
    const seen = only(pods.consumer.report, "seen");
    if (started === undefined || seen === undefined) return undefined;
    const early = started.mountVisible === false;
    return {
      observed: early ? "it appeared" : "it was there when the consumer started",
      passed: early,
      time: seen.time,
    };
  },
};

/** st_dev and the owner of the root are the same in both pods, and st_dev is the one in both mountinfos. */
export const sameDevice: CheckDefinition = {
  name: "same-device",
  expected: "the consumer's st_dev and owner of the mount equal the producer's",
  cause: "wrong-filesystem",
  find: ({ pods }) => {
    const mounted = only(pods.producer.report, "mounted");
    const seen = only(pods.consumer.report, "seen");
    const read = only(pods.consumer.report, "read");
    if (mounted === undefined || seen === undefined || read === undefined) return undefined;
    const inMountinfo = [mounted, seen].map(({ mountinfo }) =>
      deviceNumber(parseMount(mountinfo)?.device ?? ""),
    );
    return {
      observed: `producer ${mounted.device} of ${mounted.owner}, consumer ${read.device} of ${read.owner}`,
      passed:
        read.owner === mounted.owner &&
        [read.device, ...inMountinfo].every((device) => device === mounted.device),
      time: read.time,
    };
  },
};

/** The consumer read, through the mount, the nonce that the producer made. */
export const nonceRead: CheckDefinition = {
  name: "nonce",
  expected: "the run's nonce, read through the mount",
  cause: "wrong-filesystem",
  find: ({ pods }) => {
    const mounted = only(pods.producer.report, "mounted");
    const read = only(pods.consumer.report, "read");
    if (mounted === undefined || read === undefined) return undefined;
    const hash = createHash("sha256").update(read.nonce).digest("hex");
    const passed = /^[0-9a-f]{64}$/.test(read.nonce) && hash === mounted.nonceSha256;
    return { observed: passed ? "the run's nonce" : "something else", passed, time: read.time };
  },
};

/** The file in the directory underneath is hidden by the mount. */
export const sentinelHidden: CheckDefinition = {
  name: "sentinel-hidden",
  expected: "the sentinel NOT-MOUNTED is not visible to the consumer",
  cause: "wrong-filesystem",
  find: ({ pods }) => {
    const read = only(pods.consumer.report, "read");
    if (read === undefined) return undefined;
    return {
      observed: read.sentinelVisible ? "visible" : "not visible",
      passed: !read.sentinelVisible,
      time: read.time,
    };
  },
};
