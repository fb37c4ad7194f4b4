#!/bin/sh
# The producer: mounts a FUSE filesystem below the bridge and keeps it until it is
# asked to stop, then unmounts it. It is the one privileged pod of the test.
#
# RUN              id of this run; every line carries it
# DRIVER           the FUSE program, a file in drivers/
# WAIT_FOR         roles that must be watching before the mount is made
# WAIT_SECONDS     how long to wait for them, and for the driver to mount
# LIFETIME_SECONDS after this long it unmounts and exits in any case
# JUDGE            uid of the consumer, if it judges the run; absent otherwise
set -u
ROLE=producer
PROGRAMS=${FUSE_TEST_PROGRAMS:-/fuse-test}
SCRATCH=${FUSE_TEST_SCRATCH:-/scratch}
BACKING=$SCRATCH/backing
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"
# shellcheck source=pods/producer-cleanup.sh
. "$PROGRAMS/producer-cleanup.sh"
# shellcheck source=pods/killed-driver.sh
. "$PROGRAMS/killed-driver.sh"
# shellcheck source=pods/drivers/rclone.sh
. "$PROGRAMS/driver-$DRIVER.sh"

TOOLS="$COMMON_TOOLS chmod chown ln mkdir mkfifo mount od rmdir touch umount uname"

# Time that a filesystem may take to respond before it counts as hung.
ANSWER_SECONDS=5

driver_process=

# Prints true if the kernel has killed the driver, or one of its children, for memory since the driver
# started. The exit status alone does not show that.
out_of_memory() {
  if [ "$(oom_kills)" = "$oom_kills_before" ]; then echo false; else echo true; fi
}

# fail STAGE MESSAGE [EXIT]: reports why there is no mount, cleans up and exits. Any failure can follow from a program
# that cannot be run.
fail() {
  # shellcheck disable=SC2086 # names
  find_broken $TOOLS
  [ -z "$BROKEN" ] || set -- tool "$BROKEN"
  emit failed stage "$1" message "$2" exit: "${3:-null}" outOfMemory: "$(out_of_memory)"
  emit_mountinfo
  await_reader
  clean_up
  exit 1
}

# Makes the FIFOs by which the pods report to the consumer. Without them the consumer concludes that no pod
# reported.
open_reports() {
  [ -n "${JUDGE:-}" ] || return 0
  mkdir -p "$SIGNALS" && chmod a+rx "$BRIDGE" "$SIGNALS" &&
    mkfifo -m 640 "$SIGNALS/report-producer-$RUN" && chown "0:$JUDGE" "$SIGNALS/report-producer-$RUN" &&
    mkfifo -m 600 "$SIGNALS/report-control-$RUN" "$SIGNALS/taken-$RUN" &&
    chown "$JUDGE" "$SIGNALS/report-control-$RUN" "$SIGNALS/taken-$RUN" &&
    exec 6<>"$SIGNALS/report-control-$RUN" 7<>"$SIGNALS/taken-$RUN" 9<>"$SIGNALS/report-producer-$RUN" &&
    REPORTING=pipe || return
  {
    read -r _ <&7 && echo taken >"$SCRATCH/answer"
  } &
}

# Waits until the consumer has reached its verdict: the content of a FIFO is lost with the process that holds
# it open. Only the cleaner waits for this pod.
await_reader() {
  [ "$REPORTING" = pipe ] || return 0
  clock
  reader_deadline=$((now + WAIT_SECONDS * 100))
  until [ -s "$SCRATCH/answer" ] || [ "$now" -ge $reader_deadline ]; do
    sleep 0.05
    clock
  done
}

# Fails if the device of FUSE cannot be opened as a driver opens it. The node can exist although
# the kernel has no driver, or without the right to open it.
check_device() {
  [ -e /dev/fuse ] || fail device "there is no /dev/fuse in the producer: No such file or directory"
  [ -c /dev/fuse ] || fail device "/dev/fuse is not a character device in the producer"
  { true <>/dev/fuse; } 2>"$SCRATCH/error" && return
  words=$(cat "$SCRATCH/error")
  fail device "opening /dev/fuse: ${words##*: }"
}

# Exits if the image lacks a program that this one or the driver uses.
check_programs() {
  # shellcheck disable=SC2086 # names
  find_missing $TOOLS
  tools=$MISSING
  # shellcheck disable=SC2086 # names
  find_missing $DRIVER_PROGRAMS
  [ -n "$tools$MISSING" ] || return 0
  if [ -z "$tools" ]; then report_missing program "$MISSING"; else report_missing tool "$tools${MISSING:+, $MISSING}"; fi
  await_reader
  exit 1
}

# Becomes the driver. If memory runs out the kernel kills the process with the highest score: it must be the
# driver, because this program has to report it and to unmount.
become_driver() {
  # A driver opens files for its readers; an image's small limit is not a fault of the mount.
  # shellcheck disable=SC3045 # as in common.sh
  ulimit -S -n "$(ulimit -H -n)" 2>/dev/null
  { echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null
  driver_run "$BACKING" "$MOUNT"
}

# shellcheck disable=SC2317 # called by the trap
stop() {
  trap '' TERM INT
  clean_up
  emit stopped mounted: "$([ -n "$(mounts_at "$MOUNT")" ] && echo true || echo false)"
  exit 0
}

# Makes the nonce, which exists in the backing directory only. Its hash lets the verdict check what the
# consumer read without the nonce ever being printed here.
make_nonce() {
  nonce=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
  nonce_hash=$(printf '%s' "$nonce" | sha256sum)
  nonce_hash=${nonce_hash%% *}
  [ "${#nonce} ${#nonce_hash}" = "64 64" ] || fail tool "od, tr or sha256sum does not work: it gave $nonce and $nonce_hash"
}

# Fails if a file cannot be written: the mounted files would be incomplete. On a full disk, busybox' head
# prints "I/O error"; its cat prints the reason.
write_backing() {
  mkdir -p "$BACKING/directory" &&
    printf '%s\n' "$nonce" >"$BACKING/marker" &&
    head -c 65536 /dev/urandom | cat >"$BACKING/data" &&
    printf 'a file in a sub-directory of run %s\n' "$RUN" >"$BACKING/directory/inside" &&
    ln -s directory/inside "$BACKING/link" &&
    chmod 755 "$BACKING" "$BACKING/directory" &&
    chmod 644 "$BACKING/marker" "$BACKING/data" "$BACKING/directory/inside"
}

# Opens the bridge: the kubelet creates it with its own umask, which may deny access to all others.
open_bridge() {
  chmod a+rx "$BRIDGE" 2>"$SCRATCH/error" && return
  case $(stat -c %a "$BRIDGE") in
    *[57]) ;;
    *) fail access "$(with_access_facts "$(cat "$SCRATCH/error")" "$BRIDGE")" ;;
  esac
}

prepare_bridge() {
  if [ -n "$(mounts_at "$MOUNT")" ]; then
    emit leftover mountinfo "$(mounts_at "$MOUNT" | tail -n 1)"
    unmount_all || fail stale "a mount of an earlier run cannot be removed: $(cat "$SCRATCH/error")"
  fi
  mkdir -p "$MOUNT" "$SIGNALS" 2>"$SCRATCH/error" || fail bridge "$(cat "$SCRATCH/error")"
  open_bridge
  rm -f "$SIGNALS"/mounted-* "$SIGNALS"/control-* "$SIGNALS"/consumer-* "$SIGNALS"/producer-*
  mkfifo -m 600 "$SIGNALS/producer-$RUN" || fail bridge "a FIFO cannot be made below $SIGNALS"
  exec 8<>"$SIGNALS/producer-$RUN"
  # Root on the node, such as the cleaner, can stop this program with the word "stop".
  {
    read -r word <&8 && [ "$word" = stop ] && kill -TERM $$
  } &
  chmod 755 "$MOUNT" "$SIGNALS"
  touch "$MOUNT/$SENTINEL" 2>"$SCRATCH/error" || fail bridge "$(cat "$SCRATCH/error")"
}

# Waits until each role in WAIT_FOR is watching: a pod that started after the mount was made would get it at
# its start, which proves nothing about propagation.
wait_for_roles() {
  clock
  deadline=$((now + WAIT_SECONDS * 100))
  for waited_for in $WAIT_FOR; do
    rm -f "$SCRATCH/met-$waited_for"
    mkfifo -m 644 "$SIGNALS/$waited_for-$RUN" || fail bridge "a FIFO cannot be made below $SIGNALS"
    {
      : >"$SIGNALS/$waited_for-$RUN"
      echo met >"$SCRATCH/met-$waited_for"
    } &
  done
  for waited_for in $WAIT_FOR; do
    until [ -s "$SCRATCH/met-$waited_for" ]; do
      clock
      [ "$now" -lt $deadline ] || fail waiting "$waited_for did not report within $WAIT_SECONDS s"
      sleep 0.01
    done
  done
}

start_driver() {
  (become_driver >>"$SCRATCH/driver.log" 2>&1 6>&- 7>&- 9>&-) &
  driver_process=$!
}

# Waits for the mount. Old drivers refuse a mount point that is not empty, and this one contains the sentinel.
# They are started once more with the option to mount nevertheless; newer ones do not have it.
wait_for_mount() {
  clock
  deadline=$((now + WAIT_SECONDS * 100))
  until fuse_mounted_at "$MOUNT"; do
    if ! process_alive "$driver_process"; then
      wait "$driver_process"
      status=$?
      driver_process=
      if [ "$NON_EMPTY" = no ] && refuses_content "$SCRATCH/driver.log"; then
        NON_EMPTY=yes
        # What it refused is settled: if it fails again, the reason is another one.
        : >"$SCRATCH/driver.log"
        start_driver
        continue
      fi
      fail driver "$(last_words "$SCRATCH/driver.log")" "$status"
    fi
    clock
    [ "$now" -lt $deadline ] || fail driver "$DRIVER did not mount within $WAIT_SECONDS s: $(last_words "$SCRATCH/driver.log")"
    sleep 0.01
  done
}

# shellcheck disable=SC2317 # called through apart
inspect_mount() {
  read_nonce=$(cat "$MOUNT/marker") || return
  [ "$read_nonce" = "$nonce" ] || { echo "its marker is another than was written" >&2 && return 1; }
  [ ! -e "$MOUNT/$SENTINEL" ] || { echo "the sentinel is visible through it" >&2 && return 1; }
  stat -c '%d %u:%g' "$MOUNT" >"$SCRATCH/facts" && driver_cannot "$MOUNT" >"$SCRATCH/cannot"
}

# Reads through the producer's own mount: propagation is not tested before it works here.
verify_mount() {
  apart "$ANSWER_SECONDS" inspect_mount
  case $? in
    0) ;;
    124) fail verify "the producer's own mount does not answer within $ANSWER_SECONDS s" ;;
    *) fail verify "the marker cannot be read through the producer's own mount: $(cat "$SCRATCH/error")" ;;
  esac
}

trap stop TERM INT
mkdir -p "$SCRATCH" 2>/dev/null
open_reports 2>/dev/null
check_programs
mkdir -p "$SCRATCH"
oom_kills_before=$(oom_kills)
uid=$(id -u)
kernel=$(uname -r)
bridge=$(mounts_at "$BRIDGE" | tail -n 1)
if [ -z "$uid" ] || [ -z "$kernel" ] || [ -z "$bridge" ]; then fail tool "id, uname, grep or tail does not work"; fi
emit started uid: "$uid" kernel "$kernel" driver "$DRIVER" bridge "$bridge"
check_device
make_nonce
# In a variable, because the disk may be full.
problem=$(write_backing 2>&1) || fail backing "what is to be mounted cannot be written: $problem"
prepare_bridge
describe_tree "$BACKING" wrote 2>"$SCRATCH/error" || fail backing "what is to be mounted cannot be read: $(cat "$SCRATCH/error")"
emit prepared entries: "$(cat "$SCRATCH/described")"
wait_for_roles

emit mounting
: >"$SCRATCH/driver.log"
start_driver
wait_for_mount
end_killed_driver "$driver_process" "$MOUNT" >/dev/null 2>&1 &
verify_mount
cannot=0
while IFS='	' read -r check reason; do
  emit cannot check "$check" reason "$reason"
  cannot=$((cannot + 1))
done <"$SCRATCH/cannot"
read -r device owner <"$SCRATCH/facts"
emit mounted mountinfo "$(mounts_at "$MOUNT" | tail -n 1)" device: "$device" owner "$owner" nonceSha256 "$nonce_hash" cannot: $cannot
touch "$SIGNALS/mounted-$RUN" 2>"$SCRATCH/error" || fail bridge "$(cat "$SCRATCH/error")"
emit_mountinfo

(
  sleep "$LIFETIME_SECONDS"
  kill -TERM $$
) &
wait "$driver_process"
status=$?
driver_process=
emit driver-exited exit: "$status" outOfMemory: "$(out_of_memory)" message "$(last_words "$SCRATCH/driver.log")"
await_reader
clean_up
exit 1
