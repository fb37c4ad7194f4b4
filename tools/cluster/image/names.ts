/** The image of every pod's pause container. Nodes have it before they start; nothing pulls it. */
export const PAUSE_IMAGE = "fuse-test.local/pause:1";

/** The image with the FUSE programs; pods name it by digest: `fuse-test.local/tools@sha256:...`. */
export const TOOLS_IMAGE = "fuse-test.local/tools";
