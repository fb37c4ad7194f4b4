/** Name of the embedded cluster that the end-to-end tests share. */
export const E2E_CLUSTER = process.env.FUSE_TEST_E2E_CLUSTER ?? "e2e";
