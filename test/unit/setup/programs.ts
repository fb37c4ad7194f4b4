import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { KUBERNETES_PROGRAMS } from "../../../tools/setup/modules";

/** Writes an executable POSIX shell program and returns its path. */
export function writeProgram(file: string, ...lines: readonly string[]): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${lines.join("\n")}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Lines of a `go` that finds the folder after `-o` in `$out`. */
const FIND_OUTPUT = ['while [ "$1" != "-o" ]; do shift; done', "out=$2"];

/** Writes a `go` that makes a file for each program, by default those of Kubernetes. */
export function writeGo(folder: string, programs: readonly string[] = KUBERNETES_PROGRAMS): string {
  return writeProgram(
    join(folder, "go"),
    'if [ "$1" = env ]; then printf "go1.26.8\\nlocal\\n"; exit; fi',
    ...FIND_OUTPUT,
    `for name in ${programs.join(" ")}; do`,
    '  echo built > "$out/$name"',
    "done",
  );
}

/** A `go` that makes half of the files, says so in the file `marker`, and then does not end. */
export function writeStuckGo(folder: string, marker: string): string {
  return writeProgram(
    join(folder, "go"),
    ...FIND_OUTPUT,
    'echo half > "$out/kube-apiserver"',
    `echo $$ > "${marker}.new" && mv "${marker}.new" "${marker}"`,
    "exec sleep 60",
  );
}
