import { createHash } from "node:crypto";
import { canonical, differenceAt, type Fields, fieldsOf, firstOf, itemsOf } from "../../kube/values";

// Compares a pod of the API with the manifest that this version creates. Not compared are fields that the API
// server fills in, and those that admission may add without changing what runs: foreign labels and
// annotations, resources, tolerations, node selectors, affinity, priority, scheduler and runtime class, pull
// secrets and pull policy (the admission plugin AlwaysPullImages), ports, host aliases, and fields of a
// security context that the manifest does not set (OpenShift's SELinux level, for example). Every other
// addition is a difference.

/** Variables that a proxy or time zone webhook adds. No program of the test uses them. */
const harmlessVariables = /^(?:TZ|(?:HTTPS?|NO|ALL)_PROXY|(?:https?|no|all)_proxy)$/;

/** Time limits may be chosen by the user who starts the test. */
const limitVariables = new Set(["TIMEOUT_SECONDS", "WAIT_SECONDS"]);

/** Fields of a container by which another program could run, or run elsewhere. */
const containerFields = [
  "image",
  "command",
  "args",
  "workingDir",
  "envFrom",
  "lifecycle",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "restartPolicy",
  "volumeDevices",
  "stdin",
  "tty",
] as const;

/** Fields of a pod by which other processes could join its containers, or they could see other resources. */
const podFields = [
  "restartPolicy",
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "shareProcessNamespace",
  "activeDeadlineSeconds",
  "subdomain",
] as const;

function compareVariables(place: string, expected: unknown, actual: unknown): string | undefined {
  const wanted = new Map(itemsOf(expected).map((one) => [String(one.name), one]));
  const got = itemsOf(actual);
  for (const { name, ...one } of got) {
    const at = `${place} ${String(name)}`;
    const known = wanted.get(String(name));
    // The value of a foreign variable may be a secret.
    if (known === undefined && !harmlessVariables.test(String(name))) return `${at}: expected none`;
    if (known === undefined) continue;
    const limit = limitVariables.has(String(name)) && /^\d+$/.test(String(one.value));
    const difference = limit ? undefined : differenceAt(at, known, { name, ...one });
    if (difference !== undefined) return difference;
  }
  const missing = [...wanted.keys()].find((name) => !got.some((one) => one.name === name));
  if (missing !== undefined) return `${place} ${missing}: it is missing`;
  return got.length > new Set(got.map(({ name }) => name)).size
    ? `${place}: a name is there twice`
    : undefined;
}

/** Compares lists whose order does not matter, item by item, by their canonical form. */
function compareItems(
  place: string,
  expected: readonly Fields[],
  actual: readonly Fields[],
): string | undefined {
  const nameOf = ({ name, mountPath }: Fields): string => String(mountPath ?? name);
  for (const one of actual) {
    const same = expected.find((wanted) => nameOf(wanted) === nameOf(one));
    if (same === undefined)
      return `${place} ${nameOf(one)}: expected none, got ${canonical(one).slice(0, 160)}`;
    const difference = differenceAt(`${place} ${nameOf(one)}`, same, one);
    if (difference !== undefined) return difference;
  }
  const missing = expected.find((wanted) => !actual.some((one) => nameOf(one) === nameOf(wanted)));
  if (missing !== undefined) return `${place} ${nameOf(missing)}: it is missing`;
  return actual.length > expected.length ? `${place}: one is there twice` : undefined;
}

function mountsOf(container: Fields): Fields[] {
  return itemsOf(container.volumeMounts).map(({ mountPropagation, ...mount }) => ({
    ...mount,
    mountPropagation: mountPropagation === "None" ? undefined : mountPropagation,
  }));
}

/** Returns the volumes without the size limit of scratch space. */
function volumesOf(spec: Fields): Fields[] {
  return itemsOf(spec.volumes).map(({ emptyDir, ...volume }) => ({
    ...volume,
    // An emptyDir without fields must differ from an absent one.
    ...(emptyDir === undefined || emptyDir === null
      ? {}
      : { emptyDir: { is: true, medium: fieldsOf(emptyDir).medium } }),
  }));
}

function canonicalBoolean(value: unknown): string {
  return typeof value === "boolean" ? String(value) : canonical(value);
}

/**
 * Compares security contexts: every field that the manifest sets must be kept; capabilities may be dropped,
 * and none added.
 */
function compareSecurity(place: string, expected: Fields, actual: Fields): string | undefined {
  for (const [field, wanted] of Object.entries(expected)) {
    if (field === "capabilities") continue;
    // An absent field may default to true.
    if (typeof wanted === "boolean" && actual[field] !== wanted)
      return `${place}.${field}: expected ${wanted}, got ${canonicalBoolean(actual[field])}`;
    const difference = differenceAt(`${place}.${field}`, wanted, actual[field]);
    if (difference !== undefined) return difference;
  }
  const [wanted, got] = [fieldsOf(expected.capabilities), fieldsOf(actual.capabilities)];
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const dropped = list(wanted.drop).every((name) => list(got.drop).includes(name));
  if (!dropped) return differenceAt(`${place}.capabilities.drop`, wanted.drop, got.drop);
  return differenceAt(`${place}.capabilities.add`, wanted.add, got.add);
}

function compareContainer(place: string, expected: Fields, actual: Fields): string | undefined {
  return firstOf(
    () => differenceAt(`${place}.name`, expected.name, actual.name),
    ...containerFields.map(
      (field) => () => differenceAt(`${place}.${field}`, expected[field], actual[field]),
    ),
    () => compareVariables(`${place}.env`, expected.env, actual.env),
    () => compareItems(`${place}.volumeMounts`, mountsOf(expected), mountsOf(actual)),
    () =>
      compareSecurity(
        `${place}.securityContext`,
        fieldsOf(expected.securityContext),
        fieldsOf(actual.securityContext),
      ),
  );
}

function namesOf(containers: unknown): string {
  return itemsOf(containers)
    .map(({ name }) => String(name))
    .join(", ");
}

function compareContainers(expected: Fields, actual: Fields): string | undefined {
  for (const field of ["initContainers", "containers", "ephemeralContainers"] as const) {
    const [wanted, got] = [itemsOf(expected[field]), itemsOf(actual[field])];
    for (const [index, one] of wanted.entries()) {
      const difference = compareContainer(`spec.${field}[${index}]`, one, got[index] ?? {});
      if (difference !== undefined) return difference;
    }
    if (got.length > wanted.length)
      return `spec.${field}: expected ${namesOf(wanted) || "none"}, got ${namesOf(got)}`;
  }
  return undefined;
}

function compareMetadata(expected: Fields, actual: Fields): string | undefined {
  const ofTest = (value: unknown): [string, unknown][] =>
    Object.entries(fieldsOf(value)).filter(([key]) => key.startsWith("fuse-test/"));
  const kinds = ["labels", "annotations"] as const;
  const compare = (kind: (typeof kinds)[number]): string | undefined => {
    for (const [key, wanted] of ofTest(expected[kind])) {
      // It covers resources and tolerations too, which are not compared.
      if (key === "fuse-test/settings") continue;
      const difference = differenceAt(`metadata.${kind} ${key}`, wanted, fieldsOf(actual[kind])[key]);
      if (difference !== undefined) return difference;
    }
    return undefined;
  };
  return firstOf(
    () => differenceAt("metadata.name", expected.name, actual.name),
    ...kinds.map((kind) => () => compare(kind)),
  );
}

/** Finds the first difference between a pod of the API and its manifest. Never throws. */
export function comparePod(expected: unknown, actual: unknown): string | undefined {
  const [wanted, got] = [fieldsOf(expected), fieldsOf(actual)];
  const [wantedSpec, gotSpec] = [fieldsOf(wanted.spec), fieldsOf(got.spec)];
  return firstOf(
    () => compareContainers(wantedSpec, gotSpec),
    () => compareItems("spec.volumes", volumesOf(wantedSpec), volumesOf(gotSpec)),
    ...podFields.map((field) => () => differenceAt(`spec.${field}`, wantedSpec[field], gotSpec[field])),
    // Absent means true: the pod is in the node's user namespace.
    () => (gotSpec.hostUsers === false ? "spec.hostUsers: expected true, got false" : undefined),
    () => compareMetadata(fieldsOf(wanted.metadata), fieldsOf(got.metadata)),
  );
}

function hash(text: unknown): string {
  return createHash("sha256").update(String(text)).digest("hex").slice(0, 12);
}

/** Finds the first difference between the ConfigMap of the API and the programs. Never throws. */
export function comparePrograms(
  expected: Readonly<Record<string, string>>,
  actual: unknown,
): string | undefined {
  const data = fieldsOf(fieldsOf(actual).data);
  for (const [file, text] of Object.entries(expected)) {
    if (data[file] === undefined) return `${file}: it is missing`;
    if (data[file] !== text) return `${file}: expected SHA-256 ${hash(text)}, got ${hash(data[file])}`;
  }
  const added = [...Object.keys(data), ...Object.keys(fieldsOf(fieldsOf(actual).binaryData))].find(
    (file) => !Object.hasOwn(expected, file),
  );
  return added === undefined ? undefined : `${added}: expected none`;
}
