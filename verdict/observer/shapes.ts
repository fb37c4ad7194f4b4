import { z } from "zod";

// Schemas of the API's objects that accept any value: a field that is missing, null or of another type is
// empty. An aggregated API, an old server or a proxy may answer anything, and the verdict must still be
// reached.

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function object<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => (isRecord(value) ? value : {}), z.object(shape));
}

function perhaps<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => (isRecord(value) ? value : undefined), z.object(shape).optional());
}

function list<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value): unknown => (Array.isArray(value) ? value : []), z.array(item));
}

const text = z.string().catch("");
const number = z.number().optional().catch(undefined);
const someText = z.string().optional().catch(undefined);

/** Milliseconds since 1970. The client's lists contain dates, its watches text. */
const time = z.preprocess((value) => {
  const at = typeof value === "string" || value instanceof Date ? new Date(value).getTime() : NaN;
  return Number.isNaN(at) ? undefined : at;
}, z.number().optional());

const condition = object({ type: text, status: text, reason: text, message: text, lastTransitionTime: time });

const state = object({
  waiting: perhaps({ reason: text, message: text }),
  running: perhaps({}),
  terminated: perhaps({ exitCode: number, signal: number, reason: text, message: text }),
});

const container = object({
  image: text,
  env: list(object({ name: text, value: text })),
  securityContext: object({
    privileged: z.boolean().catch(false),
    runAsUser: number,
    runAsGroup: number,
    capabilities: object({ add: list(text), drop: list(text) }),
  }),
  volumeMounts: list(object({ name: text, mountPropagation: someText })),
});

/** A pod of the test, which has one container. */
export const podShape = object({
  metadata: object({
    uid: text,
    name: text,
    namespace: text,
    creationTimestamp: time,
    deletionTimestamp: time,
    labels: object({ "fuse-test/run": text, "fuse-test/role": text }),
  }),
  spec: object({
    nodeName: text,
    containers: list(container),
    volumes: list(object({ name: text, hostPath: object({ path: text }) })),
    tolerations: list(object({ key: someText, operator: someText, value: someText, effect: someText })),
  }),
  status: object({
    phase: text,
    reason: text,
    message: text,
    startTime: time,
    conditions: list(condition),
    containerStatuses: list(object({ imageID: text, state })),
  }),
});

export const nodeShape = object({
  spec: object({
    unschedulable: z.boolean().catch(false),
    taints: list(object({ key: text, value: text, effect: text })),
  }),
  status: object({
    conditions: list(condition),
    nodeInfo: object({ kernelVersion: text, kubeletVersion: text, containerRuntimeVersion: text }),
  }),
});

/** An event. Its times are in whole seconds, except those of newer reporters. */
export const eventShape = object({
  metadata: object({ uid: text }),
  involvedObject: object({ uid: text, name: text }),
  type: text,
  reason: text,
  message: text,
  count: z.number().catch(1),
  series: object({ count: z.number().catch(1), lastObservedTime: time }),
  firstTimestamp: time,
  lastTimestamp: time,
  eventTime: time,
});
