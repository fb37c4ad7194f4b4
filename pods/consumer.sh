#!/bin/sh
# The consumer and the control: unprivileged pods that look for the mount.
#
# ROLE consumer  must see the mount and read everything through it
# ROLE control   must not see it; it sees the sentinel in the directory underneath
#
# RUN              id of this run; every line carries it
# TIMEOUT_SECONDS  how long to look before giving up
# SIGNAL           "yes" if the producer waits for this role
#
# The consumer's last line is one of the two that people look for:
#   SUCCESS: Producer marker found
#   FAILURE: Producer marker never appeared
set -u
PROGRAMS=${PROGRAMS:-/fuse-test}
SCRATCH=${SCRATCH:-/scratch}
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"

# How long an examination of the mount may take before it is abandoned: a hung
# filesystem answers never.
EXAMINE_SECONDS=5

# How many polls of 10 ms the mount may be late once the producer has it.
# Propagation happens within the mount call, so that anything above 0 is generous.
LATE_POLLS=50

seen() {
  if [ -n "$(mounts_at "$MOUNT")" ]; then echo true; else echo false; fi
}

sentinel_seen() {
  if [ -e "$MOUNT/$SENTINEL" ]; then echo true; else echo false; fi
}

conclude() {
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

# Says that this role is looking, once the producer has made the place for it.
signal_ready() {
  [ "${SIGNAL:-no}" = yes ] || return 0
  until (: >"$SIGNALS/$ROLE-$RUN") 2>/dev/null; do
    pause
  done
  emit ready
}

polls=0
pause() {
  polls=$((polls + 1))
  if [ $polls -ge $((TIMEOUT_SECONDS * 100)) ]; then
    emit gave-up polls: $polls mountVisible: "$(seen)" sentinelVisible: "$(sentinel_seen)"
    conclude 1
  fi
  sleep 0.01
}

# Runs apart, so that it can be abandoned when it hangs in the kernel.
examine() {
  {
    device=$(stat -c %d "$MOUNT") &&
      owner=$(stat -c %u:%g "$MOUNT") &&
      nonce=$(head -c 1000 "$MOUNT/marker") &&
      emit read device: "$device" owner "$owner" nonce "$nonce" sentinelVisible: "$(sentinel_seen)" &&
      describe_tree "$MOUNT" entry
  } 2>"$SCRATCH/error"
  echo $? >"$SCRATCH/status.new"
  mv "$SCRATCH/status.new" "$SCRATCH/status"
}

examine_with_deadline() {
  rm -f "$SCRATCH/status"
  examine &
  examination=$!
  waited=0
  until [ -e "$SCRATCH/status" ]; do
    if [ $waited -ge $((EXAMINE_SECONDS * 100)) ]; then
      kill -9 $examination 2>/dev/null
      emit failed stage hung message "no answer within $EXAMINE_SECONDS s"
      return 1
    fi
    waited=$((waited + 1))
    sleep 0.01
  done
  if [ "$(cat "$SCRATCH/status")" != 0 ]; then
    emit failed stage read message "$(cat "$SCRATCH/error")"
    return 1
  fi
  emit examined
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
  while IFS= read -r path; do
    facts=$(stat -c '%s %F' "$path" 2>/dev/null) || continue
    emit underneath path "${path#"$BRIDGE"/}" size: "${facts%% *}" type "${facts#* }"
  done <"$SCRATCH/paths"
  emit searched
}

trap 'exit 143' TERM INT
mkdir -p "$SCRATCH"
report_start
signal_ready
if look; then
  if examine_with_deadline; then conclude 0; fi
  conclude 1
fi
if [ "$ROLE" = control ]; then
  search_underneath
  conclude 0
fi
conclude 1
