#!/bin/sh
# The janitor: takes away what a test left on the node, when nobody else can any more.
# It is a privileged pod that lives for a second or two.
#
# RUN       the word that every line carries in place of a run's id
# BRIDGE    the bridge directory, below the node's /tmp as this pod sees it
# OCCUPIED  what to do where a producer goes on living: leave, or clean all the same
#
# It removes FUSE mounts at and below the bridge, the files of the test by name, and
# empty directories. It removes nothing recursively, and what it does not know it names
# and leaves. Its last line says what became of the bridge.
set -u
ROLE=janitor
PROGRAMS=${PROGRAMS:-/fuse-test}
SCRATCH=${SCRATCH:-/scratch}
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"

# The node's /tmp, where this pod sees it.
TMP=${TMP:-/mnt/tmp}

# How long a filesystem may take to let go before it counts as hung.
UNMOUNT_SECONDS=2

# How long a producer may go on living of whose pod the API knows nothing: a kubelet that was
# away ends it within seconds of its return.
OCCUPIED_SECONDS=10

CONNECTIONS=$SCRATCH/connections
EXAMINATION=$BRIDGE/examination

# Prints ID DEVICE MOUNTPOINT TYPE of every mount at or below the bridge, the topmost last.
mounts_below() {
  while read -r mount_id _ device _ point rest; do
    case $point in
      "$BRIDGE" | "$BRIDGE"/*)
        rest=${rest#* - }
        printf '%s %s %s %s\n' "$mount_id" "$device" "$point" "${rest%% *}"
        ;;
    esac
  done </proc/self/mountinfo
}

# The same, of FUSE alone.
fuse_below() {
  mounts_below | grep -E ' fuse(\.[^ ]*)?$'
}

# Undoes the octal escapes of mountinfo.
plain() {
  printf '%b' "$(printf '%s' "$1" | sed 's/\\\([0-7][0-7][0-7]\)/\\0\1/g')"
}

# abort_if_waiting DEVICE [always]: makes whatever waits for an answer of a filesystem fail,
# because an unmount would wait for it too.
abort_if_waiting() {
  connection=$CONNECTIONS/${1#*:}
  [ -e "$connection/abort" ] || return 0
  if [ "${2:-}" = always ] || [ "$(cat "$connection/waiting")" != 0 ]; then
    echo 1 >"$connection/abort"
    emit aborted connection "${1#*:}"
  fi
}

# remove_mount DEVICE MOUNTPOINT: unmounts the topmost mount there, lazily if it must be.
remove_mount() {
  abort_if_waiting "$1"
  apart "$UNMOUNT_SECONDS" umount "$2" && return 0
  abort_if_waiting "$1" always
  apart "$UNMOUNT_SECONDS" umount -l "$2"
}

# Unmounts until mountinfo has no FUSE at or below the bridge: mounts can be stacked, and
# an unmount can exit with 0 and leave the mount.
remove_mounts() {
  mkdir -p "$CONNECTIONS"
  mount -t fusectl none "$CONNECTIONS" 2>/dev/null
  tries=0
  while fuse_below >"$SCRATCH/mounts" && [ $tries -lt 50 ]; do
    tail -n 1 "$SCRATCH/mounts" >"$SCRATCH/topmost"
    read -r _ device point type <"$SCRATCH/topmost"
    point=$(plain "$point")
    remove_mount "$device" "$point"
    emit unmounted path "$point" type "$type"
    tries=$((tries + 1))
  done
  umount "$CONNECTIONS" 2>/dev/null
  ! fuse_below >/dev/null
}

# Opens the FIFO of every producer: that waits for ever where nobody holds the other end.
# shellcheck disable=SC2317 # called through apart
knock() {
  for fifo in "$SIGNALS"/producer-*; do
    if [ ! -L "$fifo" ] && [ -p "$fifo" ]; then
      { : >"$fifo" && : >"$SCRATCH/lives"; } &
    fi
  done
  wait
}

producer_lives() {
  rm -f "$SCRATCH/lives"
  apart 1 knock
  [ -e "$SCRATCH/lives" ]
}

# Fails if a producer lives on. What is cleaned while it does, it could make again, or take
# from the next run.
await_producers() {
  clock
  producers_deadline=$((now + OCCUPIED_SECONDS * 100))
  while producer_lives; do
    clock
    [ "$now" -lt $producers_deadline ] || return 1
    sleep 0.1
  done
}

# True for what the test itself made: an empty file or a FIFO.
is_empty() {
  [ ! -L "$1" ] && { [ -p "$1" ] || { [ -f "$1" ] && [ ! -s "$1" ]; }; }
}

# A directory of the test, and no symlink that leads elsewhere.
is_directory() {
  [ ! -L "$1" ] && [ -d "$1" ]
}

# empty_directory DIRECTORY PATTERN...: removes the test's own files there, then the directory.
empty_directory() {
  directory=$1
  shift
  is_directory "$directory" || return 0
  for pattern in "$@"; do
    for file in "$directory"/$pattern; do
      if is_empty "$file"; then rm "$file" && emit removed path "$file"; fi
    done
  done
  rmdir "$directory" 2>"$SCRATCH/error" && emit removed path "$directory"
}

# The examination's notes are no empty files: they are known by their names alone.
remove_notes() {
  is_directory "$EXAMINATION" || return 0
  for file in "$EXAMINATION/journal" "$EXAMINATION/state"; do
    if [ -f "$file" ] && [ ! -L "$file" ]; then rm "$file" && emit removed path "$file"; fi
  done
}

# Everything that pods/producer.sh and pods/examination-producer.sh make, from the inside out.
remove_directories() {
  empty_directory "$MOUNT" "$SENTINEL"
  empty_directory "$SIGNALS" 'mounted-*' 'control-*' 'consumer-*' 'producer-*'
  for directory_of_cell in "$EXAMINATION"/reverse/*; do
    empty_directory "$directory_of_cell"
  done
  for name in with-allow-other without-allow-other recovery reverse; do
    empty_directory "$EXAMINATION/$name" "$SENTINEL"
  done
  empty_directory "$EXAMINATION/signals" '*'
  remove_notes
  empty_directory "$EXAMINATION"
  empty_directory "$BRIDGE"
}

# Names what is still there and is not the test's, at most 20 of them.
name_foreign() {
  mounts_below | while read -r _ _ point type; do
    emit foreign path "$(plain "$point")" type "mount of $type"
  done
  find "$BRIDGE" -xdev -mindepth 1 -maxdepth 3 2>/dev/null | head -n 20 | while IFS= read -r path; do
    emit foreign path "$path" type "$(stat -c %F "$path")"
  done
}

# Only plain directories between the node's /tmp and the bridge: /tmp is everybody's, and a
# symlink there could lead anywhere.
no_symlink_leads_away() {
  at=$TMP
  rest=${BRIDGE#"$TMP"/}
  while [ -n "$rest" ]; do
    at=$at/${rest%%/*}
    [ ! -L "$at" ] || return 1
    case $rest in
      */*) rest=${rest#*/} ;;
      *) rest= ;;
    esac
  done
}

# conclude STATE: the last line. STATE is removed, absent, foreign, mounted or occupied.
conclude() {
  emit finished bridge "$1"
  exit 0
}

mkdir -p "$SCRATCH"
emit started bridge "$BRIDGE" propagation "$(mounts_at "$TMP" | tail -n 1)"
if ! await_producers; then
  emit occupied path "$BRIDGE"
  [ "$OCCUPIED" = clean ] || conclude occupied
fi
if ! remove_mounts; then
  fuse_below | while read -r _ _ point type; do
    emit stuck path "$(plain "$point")" type "$type" message "$(cat "$SCRATCH/error")"
  done
  conclude mounted
fi
if ! no_symlink_leads_away; then
  emit foreign path "$BRIDGE" type "a symlink"
  conclude foreign
fi
[ -e "$BRIDGE" ] || conclude absent
remove_directories
[ -e "$BRIDGE" ] || conclude removed
name_foreign
conclude foreign
