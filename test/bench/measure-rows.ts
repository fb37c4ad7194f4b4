import { performance } from "node:perf_hooks";
import type { Kubectl } from "./kubectl";
import type { RowName } from "./rows";
import type { UserCheckout } from "./user-checkout";

const UNASKED = ["--yes", "--skip-preview"] as const;
const PACK = ["--policy-pack", "policy"] as const;

/** What the rows of a round are measured with. */
export interface Bench {
  readonly kubectl: Kubectl;
  readonly user: UserCheckout;
  readonly guard: boolean;
  readonly stopCluster: () => Promise<void>;
  /** Called with the seconds of each row. */
  readonly note: (row: RowName, seconds: number) => void;
  /** Throws if no further row is to be measured. */
  readonly check: () => void;
}

/**
 * Measures every row once, each from the state in which the one before has left the cluster.
 * @param round makes the ids of the round's runs
 * @param suites measures the suites standard and full as well
 * @param starts measures `npm start` as well, with the cluster up and down
 * @throws Error if a command fails, or a verdict is not SUCCESS.
 */
export async function measureRound(
  bench: Bench,
  { round, suites, starts }: { readonly round: number; readonly suites: boolean; readonly starts: boolean },
): Promise<void> {
  const { kubectl, user, guard, stopCluster, note, check } = bench;
  const measure = async (row: RowName, work: () => Promise<unknown>): Promise<void> => {
    check();
    const start = performance.now();
    await work();
    note(row, (performance.now() - start) / 1000);
  };
  // Objects of kubectl's are guarded by the cluster, like the test's, only if the guard is there: it is the stack's.
  const configure = (suite: string, run?: string): void => {
    user.configure({ suite, guard, ...(run === undefined ? {} : { run }) });
  };
  await measure("kubectl-apply", kubectl.apply);
  await measure("kubectl-again", kubectl.again);
  await measure("kubectl-delete", kubectl.remove);
  configure("quick", `bench-${round}`);
  await measure("preview", () => user.pulumi("preview"));
  await measure("preview-pack", () => user.pulumi("preview", ...PACK));
  await measure("up", () => user.pulumi("up", ...UNASKED));
  await user.requireSuccess();
  await measure("destroy", () => user.pulumi("destroy", ...UNASKED));
  configure("quick", `bench-${round}-pack`);
  await measure("up-pack", () => user.pulumi("up", ...UNASKED, ...PACK));
  await user.requireSuccess();
  await measure("unchanged", () => user.pulumi("up", ...UNASKED, ...PACK));
  for (const [row, suite] of [
    ["again", "quick"],
    ...(suites ? ([["standard", "standard"] as const, ["full", "full"] as const] as const) : []),
  ] as const) {
    configure(suite);
    await measure(row, () => user.npm("again"));
    await user.requireSuccess();
  }
  await user.pulumi("destroy", ...UNASKED);
  if (!starts) return;
  configure("quick");
  for (const row of ["start", "start-cluster"] as const) {
    if (row === "start-cluster") await stopCluster();
    await measure(row, () => user.npm("start"));
    await user.requireSuccess();
    await user.pulumi("destroy", ...UNASKED);
  }
}
