#!/bin/sh
# The consumer and the control: unprivileged pods that look for the mount.
#
# ROLE consumer  must see the mount and read everything through it
# ROLE control   must not see it; it sees the sentinel in the directory underneath
#
# RUN              id of this run; every line carries it
# TIMEOUT_SECONDS  how long to look before giving up
#
# The consumer's last line is one of the two that people look for:
#   SUCCESS: Producer marker found
#   FAILURE: Producer marker never appeared
set -u
PROGRAMS=${PROGRAMS:-/fuse-test}
SCRATCH=${SCRATCH:-/scratch}
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"

# How long the mount may take for one answer before it is abandoned: a hung filesystem
# answers never. Each answer starts the time anew, so that a busy machine is no hung mount.
EXAMINE_SECONDS=5

# How many looks may find no mount once the producer has said that it is there. The kernel
# propagates a mount before the call that makes it returns (Linux, mount_namespaces(7)): the
# first look that begins later decides, however slow the machine. The others are generous.
LATE_POLLS=5

seen() {
  if [ -n "$(mounts_at "$MOUNT")" ]; then echo true; else echo false; fi
}

sentinel_seen() {
  if [ -e "$MOUNT/$SENTINEL" ]; then echo true; else echo false; fi
}

conclude() {
  emit_mountinfo
  if [ "$ROLE" = consumer ]; then
    [ "$1" != 0 ] || echo "SUCCESS: Producer marker found"
    [ "$1" = 0 ] || echo "FAILURE: Producer marker never appeared"
  fi
  exit "$1"
}

report_start() {
  emit started uid: "$(id -u)" gid: "$(id -g)" \
    capEff "$(status_field CapEff)" capPrm "$(status_field CapPrm)" capBnd "$(status_field CapBnd)" \
    noNewPrivs "$(status_field NoNewPrivs)" seccomp "$(status_field Seccomp)" \
    bridge "$(mounts_at "$BRIDGE" | tail -n 1)" mountVisible: "$(seen)"
}

polls=0
clock
deadline=$((now + TIMEOUT_SECONDS * 100))
pause() {
  polls=$((polls + 1))
  clock
  if [ "$now" -ge $deadline ]; then
    emit gave-up polls: $polls mountVisible: "$(seen)" sentinelVisible: "$(sentinel_seen)"
    conclude 1
  fi
  sleep 0.01
}

# Tells the producer that this role is looking: at a FIFO, where a reader meets a writer.
meet_producer() {
  until [ -p "$SIGNALS/$ROLE-$RUN" ]; do
    pause
  done
  rm -f "$SCRATCH/met"
  {
    : <"$SIGNALS/$ROLE-$RUN"
    echo met >"$SCRATCH/met"
  } &
  until [ -s "$SCRATCH/met" ]; do
    pause
  done
  emit ready
}

# shellcheck disable=SC2317 # called through apart
examine() {
  device=$(stat -c %d "$MOUNT") || return 1
  answered
  owner=$(stat -c %u:%g "$MOUNT") || return 1
  nonce=$(head -c 1000 "$MOUNT/marker") || return 1
  answered
  emit read device: "$device" owner "$owner" nonce "$nonce" sentinelVisible: "$(sentinel_seen)"
  describe_tree "$MOUNT" entry
}

# Reads through the mount once the producer has done so.
examine_with_deadline() {
  until [ -e "$SIGNALS/mounted-$RUN" ]; do
    pause
  done
  apart "$EXAMINE_SECONDS" examine
  case $? in
    0) emit examined ;;
    124)
      emit failed stage hung message "no answer within $EXAMINE_SECONDS s"
      return 1
      ;;
    *)
      # Who reads while the mount is taken away reads the directory underneath.
      stage="read"
      [ "$(seen)" = true ] || stage="gone"
      emit failed stage "$stage" message "$(cat "$SCRATCH/error")"
      return 1
      ;;
  esac
}

# Ends with the mount in this pod's mountinfo, or when the producer has had it for
# long enough that it will not come.
look() {
  late=0
  while [ "$(seen)" = false ]; do
    if [ -e "$SIGNALS/mounted-$RUN" ]; then
      late=$((late + 1))
      if [ $late -gt $LATE_POLLS ]; then
        emit not-seen polls: $polls sentinelVisible: "$(sentinel_seen)"
        return 1
      fi
    fi
    pause
  done
  emit seen polls: $polls mountinfo "$(mounts_at "$MOUNT" | tail -n 1)"
}

# What lies on the bridge itself, which the control sees because it does not see the
# mount. Anything but the empty files of the test could be a leak of the nonce.
search_underneath() {
  find "$BRIDGE" -mindepth 1 -maxdepth 4 2>/dev/null | head -n 100 >"$SCRATCH/paths"
  found=0
  while IFS= read -r path; do
    facts=$(stat -c '%s %F' "$path" 2>/dev/null) || continue
    found=$((found + 1))
    emit underneath path "${path#"$BRIDGE"/}" size: "${facts%% *}" type "${facts#* }"
  done <"$SCRATCH/paths"
  emit searched found: $found
}

trap 'exit 143' TERM INT
mkdir -p "$SCRATCH"
report_start
meet_producer
if look; then
  if examine_with_deadline; then conclude 0; fi
  conclude 1
fi
if [ "$ROLE" = control ]; then
  search_underneath
  conclude 0
fi
conclude 1
