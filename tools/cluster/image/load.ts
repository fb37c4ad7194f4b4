import { enter } from "../namespaces";
import { mustRun, runCommand } from "../../setup/run";
import { inNode } from "../layout";
import { waitUntil } from "../../../kube/wait";
import type { Images } from "./build";
import { PAUSE_IMAGE, TOOLS_IMAGE } from "./names";

/** Returns the name, by digest, that pods use for the image of the tools. */
export function toolsReference(images: Images): string {
  return `${TOOLS_IMAGE}@${images.tools.digest}`;
}

/**
 * Gives the images to a node's container runtime, as far as it does not have them. Waits for the runtime to answer.
 * @param anchor process 1 of the node
 */
export async function loadImages(anchor: number, images: Images): Promise<void> {
  const ctr = (...argv: string[]) =>
    enter(anchor, ["ctr", "--address", inNode.containerdSocket, "--namespace", "k8s.io", "images", ...argv]);
  let present: string[] = [];
  await waitUntil({
    what: "the container runtime to answer",
    timeoutMilliseconds: 20_000,
    look: async () => {
      const result = await runCommand({ argv: ctr("list", "--quiet") });
      present = result.stdout.split("\n");
      return result.code === 0 ? undefined : result.stderr.trim();
    },
  });
  // By standard input: the node has a folder of its own at the archive's path, such as below /tmp.
  const importing = (inputFile: string, ...argv: string[]) =>
    mustRun({ argv: ctr("import", ...argv, "-"), inputFile, timeoutMilliseconds: 60_000 });
  if (!present.includes(PAUSE_IMAGE)) await importing(images.pause.archive);
  if (!present.includes(toolsReference(images))) {
    await importing(images.tools.archive, "--digests", "--base-name", TOOLS_IMAGE);
  }
}
