import { chmodSync, existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { ensureLocking } from "../../tools/packages.cjs";

const project = join(__dirname, "..", "..");

/** Programs that a Mac has, and that do here what they do there unless {@link BSD} names a difference. */
const PROGRAMS = [
  ...[
    "awk",
    "basename",
    "bash",
    "cat",
    "chmod",
    "cp",
    "curl",
    "cut",
    "date",
    "diff",
    "dirname",
    "echo",
    "env",
  ],
  ...["false", "find", "grep", "gzip", "head", "hostname", "id", "kill", "ln", "ls", "mkdir", "mktemp", "mv"],
  ...["printf", "ps", "readlink", "rm", "rmdir", "sed", "sh", "sleep", "sort", "stat", "tail", "tar", "tee"],
  ...["test", "touch", "tr", "true", "uname", "uniq", "wc", "which", "whoami", "xargs"],
];

/**
 * Arguments that only the GNU program takes, as patterns of `case` in sh. Other programs refuse every long option.
 * Sources: the manual pages of macOS 14 for date(1), ps(1), readlink(1), sed(1), stat(1) and tar(1).
 */
const BSD: Readonly<Record<string, readonly string[]>> = {
  cp: ["-t", "-T", "--*"],
  curl: [],
  date: ["-d", "--*", "*%N*"],
  find: ["-printf", "-regextype"],
  grep: ["-P", "--perl-regexp"],
  mktemp: ["-p", "--*"],
  ps: ["--*", "-eo", "-ef", "*cmd=*", "*cmd", "*nlwp*"],
  readlink: ["-e", "-m", "-z", "--*"],
  sed: ["-i", "-z", "-s", "--*"],
  stat: ["-c", "-c*", "--*"],
  tar: ["--owner*", "--group*", "--transform*", "--wildcards*", "--sort*", "--warning*"],
  xargs: ["-d", "--*"],
};

/** Programs that take any word, such as printf its text. */
const ANY_WORD = ["echo", "env", "printf", "test", "sh", "bash", "awk"];

function programAt(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

function wrapper(name: string, program: string): string {
  const refused = ANY_WORD.includes(name) ? [] : (BSD[name] ?? ["--*"]);
  const check = [
    "for word; do",
    `  case "$word" in ${refused.join("|")})`,
    `    echo "${name}: illegal option $word" >&2`,
    `    echo "${name} $*" >>"\${0%/*}.refused"`,
    "    exit 64 ;;",
    "  esac",
    "done",
  ];
  return `${["#!/bin/sh", ...(refused.length === 0 ? [] : check), `exec ${program} "$@"`].join("\n")}\n`;
}

/** The environment in which a program runs as on a Mac. */
export interface Mac {
  readonly environment: Readonly<Record<string, string>>;
  /** File to which each command line is added that a Mac's program would have refused. */
  readonly refused: string;
}

/**
 * Makes a folder with the programs that a Mac has, and returns the environment in which the programs of this project
 * find nothing else: no Linux in `process.platform`, no /proc, no abstract sockets, no GNU-only options.
 * @param folder in which the folder is made
 * @param checkout the project whose programs are run
 */
export async function makeMac(folder: string, checkout = project): Promise<Mac> {
  // Loaded before anything says that this is a Mac.
  await ensureLocking();
  const bin = join(folder, "mac-bin");
  mkdirSync(bin);
  for (const name of PROGRAMS) {
    const program = programAt(name, ["/usr/bin", "/bin"]);
    if (program === undefined) continue;
    writeFileSync(join(bin, name), wrapper(name, program));
    chmodSync(join(bin, name), 0o755);
  }
  symlinkSync(process.execPath, join(bin, "node"));
  for (const name of ["npm", "npx"]) {
    const program = programAt(name, (process.env.PATH ?? "").split(delimiter));
    if (program !== undefined) symlinkSync(realpathSync(program), join(bin, name));
  }
  const { resolve } = createRequire(join(project, "node_modules/esbuild/package.json"));
  return {
    refused: `${bin}.refused`,
    environment: {
      PATH: bin,
      NODE_OPTIONS: `--require ${join(project, "test/support/darwin.cjs")}`,
      FUSE_TEST_MAC_PROJECT: checkout,
      // A Mac has this package for its own platform.
      ESBUILD_BINARY_PATH: resolve(`@esbuild/linux-${process.arch}/bin/esbuild`),
    },
  };
}
