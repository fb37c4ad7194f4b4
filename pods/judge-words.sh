# shellcheck shell=sh disable=SC2016
# The messages of drivers that cannot mount, for the consumer that judges a run itself: those of
# verdict/causes/driver-words.ts, as grep -E reads them. See judge.sh.

# says WORDS PATTERN: succeeds if a message matches, ignoring case.
says() {
  printf '%s\n' "$1" | grep -Eiq -e "$2"
}

# means CAUSE PATTERN: sets the cause if the message matches and has no cause yet.
means() {
  if [ -z "$MEANT" ] && says "$WORDS" "$2"; then MEANT=$1; fi
}

# driver_cause WORDS: prints the cause that a driver's message stands for, in the order of the catalogue;
# nothing if there is none.
driver_cause() {
  WORDS=$1
  MEANT=
  # busybox interprets a program that the kernel refuses as a script. Not if the script is one of ours.
  if says "$1" '^[^ ]*/[[:alnum:]_.+-]+: line [0-9]+: (syntax error|(.*[^[:alnum:]_])?ELF[^[:alnum:]_].*: not found)' &&
    ! says "$1" '^[^ ]*\.sh:'; then
    MEANT=wrong-architecture
  fi
  means node-out-of-resources 'no space left on device|disk quota exceeded'
  means wrong-architecture '((^|[^[:alnum:]_])(fork/exec [^ ]+|exec: [^ ]+)|cannot execute binary file): exec format error'
  means driver-missing 'exec: "[^"]+": executable file not found in \$PATH'
  means driver-missing 'exec: "[^"]+": stat [^ ]+: no such file or directory'
  means driver-missing '(^|[^[:alnum:]_])fork/exec [^ ]+: (no such file or directory|permission denied)'
  means driver-missing 'fuse: failed to exec fusermount3?([^[:alnum:]_]|$)'
  means driver-missing 'posix_spawnp?(\(\) of fusermount3?)? failed'
  means driver-missing 'no suitable fusermount binary found'
  means driver-missing 'error while loading shared libraries: '
  means driver-missing 'symbol lookup error: '
  means driver-missing 'version .GLIBC[[:alnum:]_]*_[0-9.]+. not found'
  means driver-missing 'error loading shared library [^ ]+: '
  means driver-missing 'error relocating [^ ]+: [^ ]+: symbol not found'
  means driver-missing 'exec: (line [0-9]+: )?[^ ]+: (not found|permission denied|cannot execute)'
  means driver-missing 'cannot execute: required file not found'
  means driver-missing '^error: unknown (command "[^"]+" for "|flag: |shorthand flag: )'
  means fuse-device-missing 'fuse:? device not found, try .modprobe fuse. first'
  means fuse-device-missing 'fuse:? device [^ ]+ not found\. Kernel module not loaded\?'
  means fuse-device-missing '(^|[^[:alnum:]_/])/dev/fuse[[:punct:]]? not found\. Try .modprobe fuse.'
  means fuse-device-missing '(^|[^[:alnum:]_/])/dev/fuse[[:punct:]]?: no such (file or directory|device( or address)?)'
  means fuse-device-missing '(^|[[:space:]/"])fuse(rmount3?)?: (mount|fsopen\(fuse(blk)?\)) failed: no such device'
  means fuse-device-missing 'unknown filesystem type [[:punct:]]?fuse'
  means fuse-device-denied '(^|[^[:alnum:]_/])/dev/fuse[[:punct:]]?: (operation not permitted|permission denied)'
  means user-allow-other-unset 'option allow_(other|root) only allowed if .user_allow_other. is set in '
  means too-many-mounts 'too many FUSE filesystems mounted'
  means mount-not-permitted '(^|[[:space:]/"])fuse(rmount3?)?: mount failed: (operation not permitted|permission denied)'
  means mount-not-permitted '(^|[[:space:]/"])fuse(rmount3?)?: (fsopen\(fuse(blk)?\)|fsconfig [[:alnum:]_]+|fsmount|move_mount) failed: (operation not permitted|permission denied)'
  means mount-not-permitted 'failed to mount FUSE fs: (operation not permitted|permission denied)'
  means mount-not-permitted 'error calling mount\(\) at .*: (E[[:alnum:]_]+: )?(operation not permitted|permission denied)'
  means mount-not-permitted '(^|[[:space:]/"])fuse(rmount3?)?: user has no write access to mountpoint '
  means mount-not-permitted '(^|[[:space:]/"])fuse(rmount3?)?: mountpoint [^ ]+ not owned by user'
  means mount-not-permitted '(^|[[:space:]/"])fuse(rmount3?)?: mounting over filesystem type [^ ]+ is forbidden'
  means mount-not-permitted '(^|[[:space:]/"])fuse(rmount3?)?: (failed to (access|chdir to) mountpoint|bad mount ?point)([^[:alnum:]_].*)?: (operation not permitted|permission denied)'
  means mount-not-permitted '^mount: (.*[^[:alnum:]_])?permission denied'
  means mount-point-not-empty 'mount ?point is not empty'
  means mount-point-not-empty 'is not empty, use --allow-non-empty to mount anyway'
  printf '%s\n' "$MEANT"
}
