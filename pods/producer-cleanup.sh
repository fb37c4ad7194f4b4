# shellcheck shell=sh disable=SC2034,SC2154
# The end of the producer: it unmounts, stops the driver, and removes everything that it made. See
# producer.sh.

# shellcheck disable=SC2317 # called through apart
unmount_once() {
  umount "$MOUNT"
}

# Unmounts until mountinfo has no entry: mounts can be stacked, and an unmount can
# exit with 0 and leave the mount.
unmount_all() {
  tries=0
  while [ -n "$(mounts_at "$MOUNT")" ] && [ $tries -lt 50 ]; do
    if ! apart 2 unmount_once; then
      # An unmount would also wait for a daemon that does not respond.
      abort_connection "$(connection_of "$MOUNT")"
      umount -l "$MOUNT" 2>/dev/null
    fi
    tries=$((tries + 1))
  done
  [ -z "$(mounts_at "$MOUNT")" ]
}

# Removes everything that this program made, by name and never recursively: a recursive removal through a live
# mount would destroy the mounted data.
clean_up() {
  unmounted=yes
  unmount_all || unmounted=no
  stop_process "$driver_process"
  driver_process=
  if [ $unmounted = no ] && ! unmount_all; then
    emit unclean message "still mounted: $(mounts_at "$MOUNT" | tail -n 1)"
    return 1
  fi
  rm -f "$MOUNT/$SENTINEL"
  # Its own signals only: if the API has lost this pod, the next run may use the same directory.
  for signal in mounted control consumer producer report-producer report-control taken; do
    rm -f "$SIGNALS/$signal-$RUN"
  done
  for directory in "$MOUNT" "$SIGNALS"; do
    [ ! -d "$directory" ] || rmdir "$directory" || emit unclean message "$directory is not empty"
  done
}
