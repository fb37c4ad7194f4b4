#!/bin/sh
# The producer: mounts a FUSE filesystem below the bridge and keeps it until it is
# told to stop, then takes it away. It is the one privileged pod of the test.
#
# RUN              id of this run; every line carries it
# DRIVER           the FUSE program, a file in drivers/
# WAIT_FOR         roles that must be looking before the mount is made
# WAIT_SECONDS     how long to wait for them, and for the driver to mount
# LIFETIME_SECONDS after this long it unmounts and ends, even if nobody asks
set -u
ROLE=producer
PROGRAMS=${PROGRAMS:-/fuse-test}
SCRATCH=${SCRATCH:-/scratch}
BACKING=$SCRATCH/backing
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"
# shellcheck source=pods/drivers/rclone.sh
. "$PROGRAMS/driver-$DRIVER.sh"

driver_process=

# fail STAGE MESSAGE [EXIT]: says why there is no mount, cleans up and ends.
fail() {
  emit failed stage "$1" message "$2" exit: "${3:-null}"
  clean_up
  exit 1
}

# Unmounts until mountinfo has no entry: mounts can be stacked, and an unmount can
# exit with 0 and leave the mount.
unmount_all() {
  tries=0
  while [ -n "$(mounts_at "$MOUNT")" ] && [ $tries -lt 50 ]; do
    umount "$MOUNT" 2>/dev/null || umount -l "$MOUNT" 2>/dev/null
    tries=$((tries + 1))
  done
  [ -z "$(mounts_at "$MOUNT")" ]
}

driver_alive() {
  [ -n "$driver_process" ] && grep -q '^State:[[:space:]]*[^Z[:space:]]' "/proc/$driver_process/status" 2>/dev/null
}

# A driver that was unmounted ends by itself; one that hangs is killed.
stop_driver() {
  polls=0
  while driver_alive && [ $polls -lt 300 ]; do
    [ $polls -ne 50 ] || kill -TERM "$driver_process" 2>/dev/null
    [ $polls -ne 200 ] || kill -KILL "$driver_process" 2>/dev/null
    polls=$((polls + 1))
    sleep 0.01
  done
  driver_process=
}

# Removes what this program made, by name and never recursively: a recursive
# removal through a live mount would destroy the mounted data.
clean_up() {
  unmounted=yes
  unmount_all || unmounted=no
  stop_driver
  if [ $unmounted = no ] && ! unmount_all; then
    emit unclean message "still mounted: $(mounts_at "$MOUNT" | tail -n 1)"
    return 1
  fi
  rm -f "$MOUNT/$SENTINEL" "$SIGNALS"/mounted-* "$SIGNALS"/control-* "$SIGNALS"/consumer-*
  for directory in "$MOUNT" "$SIGNALS"; do
    [ ! -d "$directory" ] || rmdir "$directory" || emit unclean message "$directory is not empty"
  done
}

# shellcheck disable=SC2317 # called by the trap
stop() {
  trap '' TERM INT
  clean_up
  emit stopped mounted: "$([ -n "$(mounts_at "$MOUNT")" ] && echo true || echo false)"
  exit 0
}

# The nonce exists in the backing directory alone. Its hash lets the verdict check
# what the consumer read without the nonce ever being printed here.
write_backing() {
  mkdir -p "$BACKING/directory"
  nonce=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s\n' "$nonce" >"$BACKING/marker"
  head -c 65536 /dev/urandom >"$BACKING/data"
  printf 'a file in a sub-directory of run %s\n' "$RUN" >"$BACKING/directory/inside"
  ln -s directory/inside "$BACKING/link"
  chmod 755 "$BACKING" "$BACKING/directory"
  chmod 644 "$BACKING/marker" "$BACKING/data" "$BACKING/directory/inside"
  nonce_hash=$(printf '%s' "$nonce" | sha256sum)
  nonce_hash=${nonce_hash%% *}
}

prepare_bridge() {
  if [ -n "$(mounts_at "$MOUNT")" ]; then
    emit leftover mountinfo "$(mounts_at "$MOUNT" | tail -n 1)"
    unmount_all || fail stale "a mount of an earlier run cannot be removed: $(stat "$MOUNT" 2>&1 >/dev/null)"
  fi
  mkdir -p "$MOUNT" "$SIGNALS" 2>"$SCRATCH/error" || fail bridge "$(cat "$SCRATCH/error")"
  rm -f "$SIGNALS"/mounted-*
  chmod 755 "$MOUNT"
  chmod 1777 "$SIGNALS"
  : >"$MOUNT/$SENTINEL"
}

# Waits until each role in WAIT_FOR has said that it is looking: a control that
# started after the mount would be given it at its start, and would prove nothing.
wait_for_roles() {
  polls=0
  for waited_for in $WAIT_FOR; do
    until [ -e "$SIGNALS/$waited_for-$RUN" ]; do
      [ $polls -lt $((WAIT_SECONDS * 100)) ] || fail waiting "$waited_for did not report within $WAIT_SECONDS s"
      polls=$((polls + 1))
      sleep 0.01
    done
  done
}

wait_for_mount() {
  polls=0
  until fuse_mounted_at "$MOUNT"; do
    if ! driver_alive; then
      wait "$driver_process"
      status=$?
      driver_process=
      fail driver "$(tail -n 5 "$SCRATCH/driver.log")" "$status"
    fi
    [ $polls -lt $((WAIT_SECONDS * 100)) ] || fail driver "$DRIVER did not mount within $WAIT_SECONDS s: $(tail -n 5 "$SCRATCH/driver.log")"
    polls=$((polls + 1))
    sleep 0.01
  done
}

verify_mount() {
  [ "$(cat "$MOUNT/marker" 2>"$SCRATCH/error")" = "$nonce" ] || fail verify "the marker cannot be read through the producer's own mount: $(cat "$SCRATCH/error")"
  [ ! -e "$MOUNT/$SENTINEL" ] || fail verify "the sentinel is visible through the producer's own mount"
}

trap stop TERM INT
mkdir -p "$SCRATCH"
emit started uid: "$(id -u)" kernel "$(uname -r)" driver "$DRIVER" bridge "$(mounts_at "$BRIDGE" | tail -n 1)"
[ -c /dev/fuse ] || fail device "/dev/fuse is not a character device in the producer"
command -v "$DRIVER_PROGRAM" >/dev/null || fail program "$DRIVER_PROGRAM is not in the image"
write_backing
prepare_bridge
describe_tree "$BACKING" wrote
emit prepared
wait_for_roles

emit mounting
(driver_run "$BACKING" "$MOUNT" >"$SCRATCH/driver.log" 2>&1) &
driver_process=$!
wait_for_mount
verify_mount
driver_cannot "$MOUNT" | while IFS='	' read -r check reason; do
  emit cannot check "$check" reason "$reason"
done
emit mounted mountinfo "$(mounts_at "$MOUNT" | tail -n 1)" device: "$(stat -c %d "$MOUNT")" owner "$(stat -c %u:%g "$MOUNT")" nonceSha256 "$nonce_hash"
: >"$SIGNALS/mounted-$RUN"

(
  sleep "$LIFETIME_SECONDS"
  kill -TERM $$
) &
wait "$driver_process"
status=$?
driver_process=
emit driver-exited exit: "$status" message "$(tail -n 5 "$SCRATCH/driver.log")"
clean_up
exit 1
