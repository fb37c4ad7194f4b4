const base = process.env.FUSE_TEST_E2E_CLUSTER ?? "e2e";

/** Number of files of end-to-end tests run at once, each on a cluster of its own. Most of their time is waiting. */
export const LANES = 2;

/** Names of the embedded clusters that end-to-end tests use: one for those that run alone, one for each lane. */
export const E2E_CLUSTERS: readonly string[] = [
  base,
  ...Array.from({ length: LANES }, (_, lane) => `${base}-${lane}`),
];

const lane = process.env.MOCHA_WORKER_ID;

/** Name of the embedded cluster that the end-to-end tests of this process share. */
export const E2E_CLUSTER = lane === undefined ? base : `${base}-${lane}`;
