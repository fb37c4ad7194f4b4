#!/bin/sh
# Holds the lock on a folder until standard input ends, which it does when the holder ends, however it ends.
# lock.sh FOLDER SECONDS      exit 75: the folder was replaced meanwhile, try again; 1: in use
set -eu
exec 9<"$1"
flock --exclusive --timeout "$2" 9 || exit 1
[ "$(stat -L -c %d:%i "$1")" = "$(stat -L -c %d:%i /proc/self/fd/9)" ] || exit 75
echo locked
cat >/dev/null
