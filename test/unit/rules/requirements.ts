/** The requirements that violations name, as literal texts: several tests expect the same. */
export const DIRECTORY = "a literal directory that is neither the bridge, nor below it, nor the FUSE device";
export const READABLE = "a value that is known and not secret";
export const DESCRIBES = "a text that describes no FUSE test";
export const DEVICE = "no FUSE device";
export const PRIVILEGE = "no privilege beside the test's own image or labels";
