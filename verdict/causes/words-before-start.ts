import type { Evidence } from "../cause";
import type { Observation, PodObservation } from "../observation";

/** Causes that a pod's log shows although its program never started. */
type EarlyCause = "wrong-architecture" | "driver-missing";

/**
 * Messages of runtimes, and of the dynamic loaders of glibc (elf/rtld.c, sysdeps/x86/dl-prop.h) and musl
 * (ldso/dynlink.c), about the shell that runs the pods' programs.
 */
const words: readonly (readonly [cause: EarlyCause, pattern: RegExp])[] = [
  // runc; before version 1.1 without the program's name.
  ["wrong-architecture", /^exec \/bin\/sh: exec format error$/],
  ["wrong-architecture", /^standard_init_linux\.go:\d+: exec user process caused:? "?exec format error/],
  // crun
  ["wrong-architecture", /^exec container process `?\/bin\/sh`?: Exec format error$/],
  ["wrong-architecture", /^Fatal glibc error: CPU (?:does not support|lacks) /],
  ["wrong-architecture", /^(?:\S*\/)?sh: (?:.*: )?CPU ISA level is lower than required$/],
  // The shell exists, but its loader or libraries do not.
  [
    "driver-missing",
    /^exec \/bin\/sh: (?:no such file or directory|permission denied|operation not permitted)$/,
  ],
  [
    "driver-missing",
    /^(?:\S*\/)?sh: (?:error while loading shared libraries|symbol lookup error|relocation error): /,
  ],
  ["driver-missing", /^(?:\S*\/)?sh: .*: version .[\w.]+. not found \(required by /],
  ["driver-missing", /^Error (?:loading shared library|relocating) \S+: /],
];

/** Messages of a kubelet that has no log of a container (pkg/kubelet/kuberuntime/logs, kuberuntime_container.go). */
const ofKubelet =
  /^(?:unable to retrieve container logs for |failed to try resolving symlinks in path |failed to open log file |rpc error: )/;

/** A line in which a part of a program's own report may be. */
const ofProgram = /"(?:run|role|event)":|^(?:SUCCESS|FAILURE): /;

/** Exit statuses of a program that could not be run, or of an interpreter or emulator that failed. */
const couldNotRun = new Set<number | undefined>([1, 2, 126, 127, 255]);

function causeOf(line: string): EarlyCause | undefined {
  return words.find(([, pattern]) => pattern.test(line))?.[0];
}

function isUnstarted({ report }: PodObservation): boolean {
  return report.events.length === 0;
}

/** Recognises a cause by the messages in the log of a pod whose program never started. */
export function byWordsBeforeStart(cause: EarlyCause): (observation: Observation) => Evidence | undefined {
  return ({ pods }) => {
    for (const [about, pod] of Object.entries(pods)) {
      const text = isUnstarted(pod)
        ? pod.report.strangeLines.find((line) => causeOf(line) === cause)
        : undefined;
      if (text !== undefined) return { about, text, time: pod.since };
    }
    return undefined;
  };
}

/**
 * Finds a pod whose program never started, and whose whole log consists of messages that no cause stands for.
 * A log of which the beginning is lost has parts of the program's report.
 */
export function findUnknownWords({ pods }: Observation): Evidence | undefined {
  for (const [about, pod] of Object.entries(pods)) {
    const { facts, report, logEnded, since } = pod;
    const { strangeLines, conclusion } = report;
    if (!isUnstarted(pod) || !logEnded || conclusion !== undefined || strangeLines.length === 0) continue;
    if (facts?.container.state !== "terminated" || !couldNotRun.has(facts.container.exitCode)) continue;
    if (
      strangeLines.some((line) => causeOf(line) !== undefined || ofKubelet.test(line) || ofProgram.test(line))
    )
      continue;
    const text = strangeLines.slice(0, 5).join(" ");
    return { about, text: `exit status ${facts.container.exitCode ?? "unknown"}: ${text}`, time: since };
  }
  return undefined;
}
