# shellcheck shell=sh disable=SC2016
# The messages of drivers that cannot mount, for the consumer that judges a run itself: those of
# verdict/causes/driver-words.ts. See judge.sh.

# ENOSPC and EDQUOT, as in verdict/causes/node-out-of-resources.ts.
DISK_FULL='no space left on device|disk quota exceeded'

# matches WORDS PATTERN: succeeds if a message matches, ignoring case.
matches() {
  printf '%s\n' "$1" | grep -Eiq -e "$2"
}

# means CAUSE PATTERN: sets the cause if the message matches and has no cause yet.
means() {
  if [ -z "$MEANT" ] && matches "$WORDS" "$2"; then MEANT=$1; fi
}

# driver_cause WORDS: prints the cause that a driver's message stands for, in the order of the catalogue;
# nothing if there is none.
driver_cause() {
  WORDS=$1
  MEANT=
  means node-out-of-resources "$DISK_FULL"
  means wrong-architecture '(^|[^0-9A-Za-z_])(fork/exec|exec:)( line [0-9]+:)? [^ ]+: exec format error'
  means wrong-architecture ': [^ ]+: cannot execute binary file(: exec format error| |$)'
  means wrong-architecture '[.]sh: (line )?[0-9]+: [^ ]+: exec format error'
  means wrong-architecture '^[^ ]*/[0-9A-Za-z_+-]+([.][^ :]*[^h :])?: line [0-9]+: ((.*: line [0-9]+: )?syntax error|(.*[^0-9A-Za-z_])?ELF[^0-9A-Za-z_].*: not found)'
  means wrong-architecture 'fatal glibc error: CPU (does not support|lacks) '
  means wrong-architecture ': CPU ISA level is lower than required'
  means wrong-architecture 'this program can only be run on [^ ]+ processors with '
  means wrong-architecture 'runtime: this CPU has no [^,]+, so it cannot run '
  means driver-missing 'exec: "[^"]+": executable file not found in \$PATH'
  means driver-missing 'exec: "[^"]+": stat [^ ]+: no such file or directory'
  means driver-missing '(^|[^0-9A-Za-z_])fork/exec [^ ]+: (no such file or directory|permission denied|operation not permitted)'
  means driver-missing 'fuse: failed to exec fusermount3?([^0-9A-Za-z_]|$)'
  means driver-missing 'posix_spawnp?(\(\) of fusermount3?)? failed'
  means driver-missing 'no suitable fusermount binary found'
  means driver-missing 'error while loading shared libraries: '
  means driver-missing ': cannot open shared object file: '
  means driver-missing '(symbol lookup|relocation) error: '
  means driver-missing '[.]so[0-9.]*: version .[0-9A-Za-z_.]+. not found \(required by '
  means driver-missing 'error loading shared library [^ ]+: '
  means driver-missing 'error relocating [^ ]+: '
  means driver-missing 'dlopen\(\): error loading '
  means driver-missing 'cgofuse: cannot find fuse'
  means driver-missing 'unable to find libfuse'
  means driver-missing 'exec: (line [0-9]+: )?[^ ]+: (not found|permission denied|operation not permitted|cannot execute)'
  means driver-missing 'cannot execute: required file not found'
  means driver-missing ': bad (ELF )?interpreter: '
  means driver-missing '(^|[ /])env: [^ ]+: (no such file or directory|permission denied)'
  means driver-missing '(^|[ /])env: can.t execute '
  means driver-missing '(^|fatal )error: unknown (command "[^"]+" for "|flag: |shorthand flag: )'
  means driver-missing 'error: unknown command "[^"]+" for "[^"]+" (did you mean this[?] .* )?run .?[^ ]+ --help.? for usage'
  means driver-missing 'error: unknown (shorthand )?flag: [^ ]+( in [^ ]+)? usage: '
  means fuse-device-missing 'fuse:? device (not found|is missing), try .modprobe fuse. (first|as root)'
  means fuse-device-missing 'fuse:? device [^ ]+ not found[.] Kernel module not loaded'
  means fuse-device-missing '(^|[^0-9A-Za-z_./-])/dev/fuse[^ 0-9A-Za-z_./-]? not found[.] Try .modprobe fuse.'
  means fuse-device-missing '(^|[^0-9A-Za-z_./-])/dev/fuse[^ 0-9A-Za-z_./-]?:? [(]?(E[A-Z]+: |Os [{][^}]*message: .)?no such (file or directory|device( or address)?)'
  means fuse-device-missing 'no such (file or directory|device( or address)?)(: |, )(open )?[^ 0-9A-Za-z_./-]?/dev/fuse([^0-9A-Za-z_./-]|$)'
  means fuse-device-missing '(^|[^0-9A-Za-z_.-])(fuse|([a-z]+-)?fusermount3?(-[a-z]+)?): (mount|fsopen\(fuse(blk)?\)) failed: no such device'
  means fuse-device-missing 'unknown filesystem type [^ 0-9A-Za-z_]?fuse'
  means fuse-device-missing '(failed to mount FUSE fs|error calling mount\(\) at .*): (E[A-Z]+: )?no such device'
  means fuse-device-missing 'module fuse not found( in |[.]|$)'
  means fuse-device-denied '(^|[^0-9A-Za-z_./-])/dev/fuse[^ 0-9A-Za-z_./-]?:? [(]?(E[A-Z]+: |Os [{][^}]*message: .)?(operation not permitted|permission denied)'
  means fuse-device-denied '(operation not permitted|permission denied)(: |, )(open )?[^ 0-9A-Za-z_./-]?/dev/fuse([^0-9A-Za-z_./-]|$)'
  means user-allow-other-unset 'option allow_(other|root) only allowed if .user_allow_other. is set in '
  means too-many-mounts 'too many FUSE filesystems mounted'
  means mount-not-permitted '(^|[^0-9A-Za-z_.-])(fuse|([a-z]+-)?fusermount3?(-[a-z]+)?): (mount|fsopen\(fuse(blk)?\)|(set )?fsconfig [0-9A-Za-z_]+( option)?|fsmount|move_mount) failed: (operation not permitted|permission denied)'
  means mount-not-permitted 'failed to mount FUSE fs: (operation not permitted|permission denied)'
  means mount-not-permitted 'error calling mount\(\) at .*: (E[A-Z]+: )?(operation not permitted|permission denied)'
  means mount-not-permitted '(^|[^0-9A-Za-z_.-])(fuse|([a-z]+-)?fusermount3?(-[a-z]+)?): user has no write access to mountpoint '
  means mount-not-permitted '(^|[^0-9A-Za-z_.-])(fuse|([a-z]+-)?fusermount3?(-[a-z]+)?): mountpoint [^ ]+ not owned by user'
  means mount-not-permitted '(^|[^0-9A-Za-z_.-])(fuse|([a-z]+-)?fusermount3?(-[a-z]+)?): mounting over filesystem type [^ ]+ is forbidden'
  means mount-not-permitted '(^|[^0-9A-Za-z_.-])(fuse|([a-z]+-)?fusermount3?(-[a-z]+)?): (failed to (access|chdir to|open) (mountpoint|current directory)|bad mount ?point)( [^:]*)?: (operation not permitted|permission denied)'
  means mount-not-permitted 'mountpoint:? [^ ]+:? (operation not permitted|permission denied)'
  means mount-not-permitted '(^|[ ]|/s?bin/)mount: (/[^ ]*: )?((mount|[^ :]+ system call) failed: )?(operation not permitted|permission denied|only root can|must be superuser)'
  means mount-point-not-empty 'mount ?point ((directory )?[^ ]+ )?(is )?not empty'
  means mount-point-not-empty 'is not empty, use --allow-non-empty to mount anyway'
  means mount-point-not-empty 'is not empty: [^ ]+ if you want to mount it anyway use: --allow-non-empty'
  means mount-point-not-empty 'unknown option([(]s[)])?:? .(-o )?nonempty([^0-9A-Za-z_]|$)'
  printf '%s\n' "$MEANT"
}
