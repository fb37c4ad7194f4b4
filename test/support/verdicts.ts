import type { Verdict } from "../../protocol/verdict";

/** A verdict as the verdict command prints it. */
export function aVerdict(changes: Partial<Verdict> = {}): Verdict {
  return {
    verdict: "SUCCESS",
    cause: "",
    otherCauses: [],
    summary: "A rclone mount made in one pod is read by another pod on w2",
    nextSteps: ["Record the result"],
    checks: [
      { name: "nonce", expected: "the nonce", observed: "the nonce", passed: true, milliseconds: 900 },
    ],
    timings: { created: 0, scheduled: 100, producerMounted: 700, consumerSaw: 705, verdict: 1500 },
    run: {
      id: "r1",
      start: "2026-01-02T03:04:05.000Z",
      end: "2026-01-02T03:04:07.000Z",
      cluster: "home",
      context: "admin@home",
      server: "https://192.0.2.1:6443",
      node: "w2",
      namespace: "fuse-test",
      driver: "rclone",
      image: "fuse-test.local/tools@sha256:00",
      imageDigest: "sha256:00",
      kernel: "6.1",
      kubelet: "v1.34.4",
      runtime: "containerd://1.6",
      propagation: "shared:1",
    },
    report: "/reports/r1",
    ...changes,
  };
}
