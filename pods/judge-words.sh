# shellcheck shell=sh
# What drivers say when they cannot mount, for the consumer that judges a run itself: the words of
# verdict/causes/driver-words.ts, as grep -E reads them. See judge.sh.

# says WORDS PATTERN: succeeds if words match, in any letter case.
says() {
  printf '%s\n' "$1" | grep -Eiq -e "$2"
}

# driver_cause WORDS: prints the cause that a driver's words stand for, in the order of the
# catalogue; nothing if they stand for none.
driver_cause() {
  # What the kernel refuses, busybox reads as a script of its own, which is none of ours.
  if says "$1" '^[^ ]*/[[:alnum:]_.+-]+: line [0-9]+: (syntax error|(.*[^[:alnum:]_])?ELF[^[:alnum:]_].*: not found)' &&
    ! says "$1" '^[^ ]*\.sh:'; then
    echo wrong-architecture
    return
  fi
  while IFS='	' read -r code pattern; do
    if says "$1" "$pattern"; then
      echo "$code"
      return
    fi
  done <<'WORDS'
node-out-of-resources	no space left on device|disk quota exceeded
wrong-architecture	((^|[^[:alnum:]_])(fork/exec [^ ]+|exec: [^ ]+)|cannot execute binary file): exec format error
driver-missing	exec: "[^"]+": executable file not found in \$PATH
driver-missing	exec: "[^"]+": stat [^ ]+: no such file or directory
driver-missing	(^|[^[:alnum:]_])fork/exec [^ ]+: (no such file or directory|permission denied)
driver-missing	fuse: failed to exec fusermount3?([^[:alnum:]_]|$)
driver-missing	posix_spawnp?(\(\) of fusermount3?)? failed
driver-missing	no suitable fusermount binary found
driver-missing	error while loading shared libraries: 
driver-missing	symbol lookup error: 
driver-missing	version .GLIBC[[:alnum:]_]*_[0-9.]+. not found
driver-missing	error loading shared library [^ ]+: 
driver-missing	error relocating [^ ]+: [^ ]+: symbol not found
driver-missing	exec: (line [0-9]+: )?[^ ]+: (not found|permission denied|cannot execute)
driver-missing	cannot execute: required file not found
driver-missing	^error: unknown (command "[^"]+" for "|flag: |shorthand flag: )
fuse-device-missing	fuse:? device not found, try 'modprobe fuse' first
fuse-device-missing	fuse:? device [^ ]+ not found\. Kernel module not loaded\?
fuse-device-missing	(^|[^[:alnum:]_/])/dev/fuse['"]? not found\. Try 'modprobe fuse'
fuse-device-missing	(^|[^[:alnum:]_/])/dev/fuse['"]?: no such (file or directory|device( or address)?)
fuse-device-missing	(^|[[:space:]/"])fuse(rmount3?)?: (mount|fsopen\(fuse(blk)?\)) failed: no such device
fuse-device-missing	unknown filesystem type '?fuse
fuse-device-denied	(^|[^[:alnum:]_/])/dev/fuse['"]?: (operation not permitted|permission denied)
user-allow-other-unset	option allow_(other|root) only allowed if 'user_allow_other' is set in 
too-many-mounts	too many FUSE filesystems mounted
mount-not-permitted	(^|[[:space:]/"])fuse(rmount3?)?: mount failed: (operation not permitted|permission denied)
mount-not-permitted	(^|[[:space:]/"])fuse(rmount3?)?: (fsopen\(fuse(blk)?\)|fsconfig [[:alnum:]_]+|fsmount|move_mount) failed: (operation not permitted|permission denied)
mount-not-permitted	failed to mount FUSE fs: (operation not permitted|permission denied)
mount-not-permitted	error calling mount\(\) at .*: (E[[:alnum:]_]+: )?(operation not permitted|permission denied)
mount-not-permitted	(^|[[:space:]/"])fuse(rmount3?)?: user has no write access to mountpoint 
mount-not-permitted	(^|[[:space:]/"])fuse(rmount3?)?: mountpoint [^ ]+ not owned by user
mount-not-permitted	(^|[[:space:]/"])fuse(rmount3?)?: mounting over filesystem type [^ ]+ is forbidden
mount-not-permitted	(^|[[:space:]/"])fuse(rmount3?)?: (failed to (access|chdir to) mountpoint|bad mount ?point)([^[:alnum:]_].*)?: (operation not permitted|permission denied)
mount-not-permitted	^mount: (.*[^[:alnum:]_])?permission denied
mount-point-not-empty	mount ?point is not empty
mount-point-not-empty	is not empty, use --allow-non-empty to mount anyway
WORDS
}
