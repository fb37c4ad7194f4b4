#!/bin/sh
# The janitor: removes what a test left on the node, when no other program can.
# It is a privileged pod that lives for a second or two.
#
# RUN     the word that every line carries in place of a run's id
# BRIDGE  the bridge directory, below the node's /tmp as this pod sees it; every run has its
#         own directory in it
# RUNS    ids of the runs that have just ended, after a "-"
# KEEP    ids of the runs in progress, after a "-": their directories are left as they are
# WAIT    yes: wait for producers that are not in the API
#
# It removes FUSE mounts at and below the bridge, the files of the test by name, and
# empty directories. It removes nothing recursively. It reports and leaves what is not the test's,
# and the directory of a run whose producer still runs. Its last line has the state of the
# bridge.
set -u
ROLE=janitor
PROGRAMS=${FUSE_TEST_PROGRAMS:-/fuse-test}
SCRATCH=${FUSE_TEST_SCRATCH:-/scratch}
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"

TOOLS="$COMMON_TOOLS date ls mkdir mount rmdir umount"

# Id of the one run whose directory is cleaned, if the cleaner starts this program; empty means every run.
ONLY=${FUSE_TEST_ONLY:-}

# Path of the node's /tmp in this pod.
TMP=${FUSE_TEST_TMP:-/mnt/tmp}

# Time that a filesystem may take to unmount before it counts as hung.
UNMOUNT_SECONDS=2

# Time that a producer may keep running after its pod has gone from the API: a kubelet that was away stops it
# within seconds of its return. A directory in which a run has just begun is not older either.
OCCUPIED_SECONDS=10

CONNECTIONS=$SCRATCH/connections
OCCUPIED=$SCRATCH/occupied

# Succeeds if a word is in a list.
is_in() {
  case " $2 " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

# Succeeds for a path of a run whose directory must be left as it is.
is_left() {
  of_run=${1#"$BRIDGE"/}
  of_run=${of_run%%/*}
  [ -n "$of_run" ] || return 1
  [ -z "$ONLY" ] || [ "$of_run" = "$ONLY" ] || return 0
  is_in "$of_run" "$KEEP" || [ -e "$OCCUPIED/$of_run" ]
}

# Prints ID DEVICE MOUNTPOINT TYPE of every mount at or below the bridge, except those that are left as they
# are; the topmost last.
mounts_below() {
  while read -r mount_id _ device _ point rest; do
    case $point in
      "$BRIDGE" | "$BRIDGE"/*)
        is_left "$point" && continue
        rest=${rest#* - }
        printf '%s %s %s %s\n' "$mount_id" "$device" "$point" "${rest%% *}"
        ;;
    esac
  done </proc/self/mountinfo
}

# Prints the same for FUSE only.
fuse_below() {
  mounts_below | grep -E ' fuse(\.[^ ]*)?$'
}

# Undoes the octal escapes of mountinfo.
plain() {
  printf '%b' "$(printf '%s' "$1" | sed 's/\\\([0-7][0-7][0-7]\)/\\0\1/g')"
}

# abort_if_waiting DEVICE [always]: makes processes that wait for a response of a filesystem fail, because an
# unmount would wait for it too.
abort_if_waiting() {
  connection=$CONNECTIONS/${1#*:}
  [ -e "$connection/abort" ] || return 0
  if [ "${2:-}" = always ] || [ "$(cat "$connection/waiting")" != 0 ]; then
    echo 1 >"$connection/abort"
    emit aborted connection "${1#*:}"
  fi
}

# remove_mount DEVICE MOUNTPOINT: unmounts the topmost mount there, lazily if necessary.
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

# Finds the directories of runs whose producer holds its FIFO open.
# shellcheck disable=SC2317 # called through apart
find_producers() {
  for of_a_run in "$BRIDGE"/*; do
    is_directory "$of_a_run" || continue
    is_directory "$of_a_run/signals" || continue
    for fifo in "$of_a_run"/signals/producer-*; do
      { knock "$fifo" && echo lives >"$OCCUPIED/${of_a_run##*/}"; } &
    done
  done
  wait
}

# Finds directories that the kubelet has just created for a pod of an unknown run: the pod starts in it in a
# moment.
# shellcheck disable=SC2317 # called through apart
find_new() {
  today=$(date +%s)
  for new in "$BRIDGE"/*; do
    if is_directory "$new" && is_run "$new" && [ ! -e "$new/signals" ] && ! is_in "${new##*/}" "$RUNS" &&
      made=$(stat -c %Y "$new") && [ $((today - made)) -lt "$OCCUPIED_SECONDS" ]; then
      : >>"$OCCUPIED/${new##*/}"
    fi
  done
}

# Records which directories other runs use. Succeeds if there are none that are not accounted for.
find_occupied() {
  mkdir -p "$OCCUPIED"
  rm -f "$OCCUPIED"/*
  apart 1 find_producers
  apart 1 find_new
  for run in $KEEP; do
    rm -f "$OCCUPIED/$run"
  done
  [ -z "$(ls "$OCCUPIED")" ]
}

# Waits until the producers that are not in the API have terminated. Reports the directories of those that do
# not.
await_producers() {
  clock
  producers_deadline=$now
  [ "$WAIT" = no ] || producers_deadline=$((now + OCCUPIED_SECONDS * 100))
  until find_occupied; do
    clock
    [ "$now" -lt "$producers_deadline" ] || break
    sleep 0.1
  done
  for run in "$OCCUPIED"/*; do
    # A directory without a producer is new.
    [ ! -s "$run" ] || emit occupied path "$BRIDGE/${run##*/}"
  done
}

# Succeeds for a file that the test itself made: an empty file or a FIFO.
is_empty() {
  [ ! -L "$1" ] && { [ -p "$1" ] || { [ -f "$1" ] && [ ! -s "$1" ]; }; }
}

# Succeeds for a directory of the test, but not for a symlink that leads elsewhere.
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

# Removes the examination's notes, which are not empty: they are recognised by their names alone.
remove_notes() {
  for file in "$1/journal" "$1/state"; do
    if [ -f "$file" ] && [ ! -L "$file" ]; then rm "$file" && emit removed path "$file"; fi
  done
}

# remove_run DIRECTORY: removes everything that pods/producer.sh and pods/examination-producer.sh make in the
# directory of a run, from the inside out.
remove_run() {
  examination=$1/examination
  empty_directory "$1/mount" "$SENTINEL"
  empty_directory "$1/signals" 'mounted-*' 'control-*' 'consumer-*' 'producer-*' 'report-*' 'taken-*'
  if is_directory "$examination"; then
    if is_directory "$examination/reverse"; then
      for directory_of_cell in "$examination"/reverse/*; do
        empty_directory "$directory_of_cell"
      done
    fi
    for name in with-allow-other without-allow-other recovery reverse; do
      empty_directory "$examination/$name" "$SENTINEL"
    done
    empty_directory "$examination/signals" '*'
    remove_notes "$examination"
    empty_directory "$examination"
  fi
  empty_directory "$1"
}

# Succeeds for a path that is named like the directory of a run.
is_run() {
  printf '%s\n' "${1##*/}" | grep -Eq '^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$'
}

remove_directories() {
  for of_a_run in "$BRIDGE"/*; do
    if is_directory "$of_a_run" && is_run "$of_a_run" && ! is_left "$of_a_run"; then
      remove_run "$of_a_run"
    fi
  done
  empty_directory "$BRIDGE"
}

# Reports remaining files and mounts that are not the test's, at most 20 of them.
name_foreign() {
  mounts_below | while read -r _ _ point type; do
    emit foreign path "$(plain "$point")" type "mount of $type"
  done
  find "$BRIDGE" -xdev -mindepth 1 -maxdepth 4 2>/dev/null | while IFS= read -r path; do
    is_left "$path" || printf '%s\n' "$path"
  done | head -n 20 | while IFS= read -r path; do
    emit foreign path "$path" type "$(stat -c %F "$path")"
  done
}

# Succeeds if there are only plain directories between the node's /tmp and the bridge: /tmp is writable for
# all, and a symlink there could lead anywhere.
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

# conclude STATE: prints the last line. STATE is removed, absent, foreign, mounted or occupied.
conclude() {
  emit finished bridge "$1"
  exit 0
}

# shellcheck disable=SC2086 # names
find_missing $TOOLS
if [ -n "$MISSING" ]; then
  report_missing tool "$MISSING"
  exit 1
fi
mkdir -p "$SCRATCH"
emit started bridge "$BRIDGE" propagation "$(mounts_at "$TMP" | tail -n 1)"
symlink=no
no_symlink_leads_away || symlink=yes
[ $symlink = yes ] || await_producers
if ! remove_mounts; then
  fuse_below | while read -r _ _ point type; do
    emit stuck path "$(plain "$point")" type "$type" message "$(cat "$SCRATCH/error")"
  done
  conclude mounted
fi
if [ $symlink = yes ]; then
  emit foreign path "$BRIDGE" type "a symlink"
  conclude foreign
fi
[ -e "$BRIDGE" ] || conclude absent
remove_directories
[ -e "$BRIDGE" ] || conclude removed
name_foreign >"$SCRATCH/foreign"
[ -s "$SCRATCH/foreign" ] || conclude occupied
cat "$SCRATCH/foreign"
conclude foreign
