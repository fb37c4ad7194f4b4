import type { V1Container, V1Pod } from "@kubernetes/client-node";
import type { Files, Scenario } from "./bench";

/** Replaces one piece of a program. @throws Error where the program has no such piece: it would test nothing. */
export function edited(files: Files, file: string, from: string, to: string): Files {
  const text = files[file];
  if (text?.includes(from) !== true) throw new Error(`${file} has no ${JSON.stringify(from)}`);
  return { ...files, [file]: text.replaceAll(from, () => to) };
}

/** Puts another driver in rclone's place. */
export function withDriver(files: Files, script: string, programs = "true"): Files {
  return {
    ...files,
    "driver-rclone.sh": `DRIVER_PROGRAMS="${programs}"\ndriver_cannot() { :; }\n${script}\n`,
  };
}

/** Lets the producer take any mount or file with the right name for its mount, and say that it is one. */
export function credulousProducer(files: Files): Files {
  const claim = edited(
    files,
    "producer.sh",
    'until fuse_mounted_at "$MOUNT"; do',
    'until [ -e "$MOUNT/marker" ]; do',
  );
  return edited(claim, "producer.sh", '  [ "$read_nonce" = "$nonce" ] || { echo', "  true || { echo");
}

/** Changes the container of the pod with one role. */
export function container(
  role: string,
  change: (container: V1Container, pod: V1Pod) => void,
): NonNullable<Scenario["pod"]> {
  return (pod, ofRole) => {
    const [first] = pod.spec?.containers ?? [];
    if (ofRole === role && first !== undefined) change(first, pod);
    return pod;
  };
}

/** The mount of the bridge in a container. */
export function bridgeOf(container: V1Container) {
  const mount = container.volumeMounts?.find(({ name }) => name === "bridge");
  if (mount === undefined) throw new Error("the container has no bridge");
  return mount;
}

/** Runs tasks, at most a given number at a time, and gives what they resolve to in their order. */
export async function together<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  run: (item: Item) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  const results: PromiseSettledResult<Result>[] = [];
  const queue = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, item] = next;
      const [result] = await Promise.allSettled([run(item)]);
      results[index] = result;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}
