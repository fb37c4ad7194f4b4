#!/bin/sh
# The consumer and the control: unprivileged pods that watch for the mount.
#
# ROLE consumer  must see the mount and read everything through it
# ROLE control   must not see it; it sees the sentinel in the directory underneath
#
# RUN              id of this run; every line carries it
# TIMEOUT_SECONDS  time limit of the watch
# JUDGE            uid of the consumer, if it judges the run itself: see judge.sh
#
# The consumer's last line is one of these two, for human readers:
#   SUCCESS: Producer marker found
#   FAILURE: Producer marker never appeared
set -u
PROGRAMS=${FUSE_TEST_PROGRAMS:-/fuse-test}
SCRATCH=${FUSE_TEST_SCRATCH:-/scratch}
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"
# shellcheck source=pods/judge.sh
. "$PROGRAMS/judge.sh"

TOOLS="$COMMON_TOOLS mkdir"

# Time limit for one response of the mount: a hung filesystem never responds. Each response restarts the
# timer, so that a busy machine does not look like a hung mount.
EXAMINE_SECONDS=5

# Number of polls that may find no mount after the producer has signalled it. The kernel propagates a mount
# before the call that makes it returns (Linux, mount_namespaces(7)): the first poll that begins later
# decides, however slow the machine. The others are a reserve.
LATE_POLLS=5

seen() {
  if [ -n "$(mounts_at "$MOUNT")" ]; then echo true; else echo false; fi
}

# Prints whether the sentinel is visible. If it cannot be read, that is no "false": the function fails, with
# the message on stderr.
sentinel_seen() {
  if unseen=$(stat "$MOUNT/$SENTINEL" 2>&1 >/dev/null); then
    echo true
    return
  fi
  case $unseen in
    *"No such file or directory"*) echo false ;;
    *) echo "${unseen:-stat gives no reason}" >&2 && return 1 ;;
  esac
}

conclude() {
  emit_mountinfo
  exit_with_last_line "$1"
}

exit_with_last_line() {
  if [ -n "${JUDGE:-}" ]; then
    if [ "$ROLE" = control ]; then send_report; else
      judge_run
      set -- "$JUDGED"
    fi
  fi
  if [ "$ROLE" = consumer ]; then
    [ "$1" != 0 ] || echo "SUCCESS: Producer marker found"
    [ "$1" = 0 ] || echo "FAILURE: Producer marker never appeared"
  fi
  exit "$1"
}

# end_without_tools PROGRAMS: exits because the image lacks these programs, or they cannot be run.
end_without_tools() {
  if [ "${JUDGE:+$ROLE}" = consumer ]; then write_verdict_without_tools "$1"; fi
  JUDGE=
  exit_with_last_line 2
}

# Exits if a program cannot be run: any failure can follow from that, and proves nothing then.
blame_tools() {
  # shellcheck disable=SC2086 # names
  find_broken $TOOLS
  [ -n "$BROKEN" ] || return 0
  emit failed stage tool message "$BROKEN"
  end_without_tools "$BROKEN"
}

report_start() {
  uid=$(id -u)
  caps=$(status_field CapEff)
  bridge=$(mounts_at "$BRIDGE" | tail -n 1)
  # None of them is empty.
  if [ -z "$uid" ] || [ -z "$caps" ] || [ -z "$bridge" ]; then blame_tools; fi
  emit started uid: "$uid" gid: "$(id -g)" \
    capEff "$caps" capPrm "$(status_field CapPrm)" capBnd "$(status_field CapBnd)" \
    noNewPrivs "$(status_field NoNewPrivs)" seccomp "$(status_field Seccomp)" \
    bridge "$bridge" mountVisible: "$(seen)"
}

# refuse DIRECTORY WORDS: exits because a directory cannot be entered.
refuse() {
  blame_tools
  emit failed stage access message "$(with_access_facts "$2" "$1")"
  conclude 1
}

# Checks that the directories of the bridge can be entered. The producer sets their modes: one that denies
# access may be from before it did so, which is reported once. If the mode allows access, something else
# denies it, and will keep denying it.
blocked=no
check_entrance() {
  for place in "$BRIDGE" "$SIGNALS"; do
    if [ ! -e "$place" ] || [ -x "$place" ]; then continue; fi
    words=$(stat "$place/." 2>&1 >/dev/null) && continue
    case $(stat -c %a "$place") in
      *[1357])
        # Retried, because the producer may have set the mode since.
        words=$(stat "$place/." 2>&1 >/dev/null) && continue
        refuse "$place" "$words"
        ;;
    esac
    [ $blocked = yes ] || emit blocked message "$(with_access_facts "$words" "$place")"
    blocked=yes
    return
  done
  blocked=no
}

# Exits because the time limit has passed.
give_up() {
  [ $blocked = no ] || refuse "$place" "$words"
  blame_tools
  sentinel=$(sentinel_seen 2>"$SCRATCH/error") || refuse "$MOUNT" "$(cat "$SCRATCH/error")"
  emit gave-up polls: $polls mountVisible: "$(seen)" sentinelVisible: "$sentinel"
  conclude 1
}

polls=0
pause() {
  polls=$((polls + 1))
  take_reports
  clock
  check_entrance
  [ "$now" -lt $deadline ] || give_up
  sleep 0.01
}

# Signals the producer that this role is watching, at a FIFO, where a reader meets a writer.
meet_producer() {
  until [ -p "$SIGNALS/$ROLE-$RUN" ]; do
    pause
  done
  rm -f "$SCRATCH/met" "$SCRATCH/unmet"
  {
    true <"$SIGNALS/$ROLE-$RUN" && echo met >"$SCRATCH/met"
  } 2>"$SCRATCH/unmet" &
  until [ -s "$SCRATCH/met" ]; do
    [ ! -s "$SCRATCH/unmet" ] || refuse "$SIGNALS/$ROLE-$RUN" "$(cat "$SCRATCH/unmet")"
    pause
  done
  emit ready
}

# shellcheck disable=SC2317 # called through apart
examine() {
  device=$(stat -c %d "$MOUNT") || return
  answered
  owner=$(stat -c %u:%g "$MOUNT") || return
  nonce=$(head -c 1000 "$MOUNT/marker") || return
  answered
  sentinel=$(sentinel_seen) || return
  emit read device: "$device" owner "$owner" nonce "$nonce" sentinelVisible: "$sentinel"
  describe_tree "$MOUNT" entry
}

# Reads through the mount once the producer has done so.
examine_with_deadline() {
  until [ -e "$SIGNALS/mounted-$RUN" ]; do
    pause
  done
  apart "$EXAMINE_SECONDS" examine
  status=$?
  case $status in
    0) emit examined entries: "$(cat "$SCRATCH/described")" ;;
    124)
      emit failed stage hung message "no answer within $EXAMINE_SECONDS s"
      return 1
      ;;
    *)
      blame_tools
      # A read during the unmount returns the directory underneath. A program that could not run, or was
      # killed, has read nothing: that proves nothing about the mount.
      stage="read"
      message=$(cat "$SCRATCH/error")
      [ "$(seen)" = true ] || stage="gone"
      if [ $status -ge 126 ]; then
        stage=tool
        message="a program exited with status $status: $message"
      fi
      emit failed stage "$stage" message "$message"
      return 1
      ;;
  esac
}

# Waits until the mount is in this pod's mountinfo. Fails if the producer has had it for so long that it will
# not appear.
await_mount() {
  late=0
  while [ "$(seen)" = false ]; do
    if [ -e "$SIGNALS/mounted-$RUN" ]; then
      late=$((late + 1))
      if [ $late -gt $LATE_POLLS ]; then
        # The control, which finds nothing in any run that passes, has the consumer's image.
        [ "$ROLE" = control ] || blame_tools
        sentinel=$(sentinel_seen 2>"$SCRATCH/error") || refuse "$MOUNT" "$(cat "$SCRATCH/error")"
        emit not-seen polls: $polls sentinelVisible: "$sentinel"
        return 1
      fi
    fi
    pause
  done
  emit seen polls: $polls mountinfo "$(mounts_at "$MOUNT" | tail -n 1)"
}

# Reports the content of the bridge itself, which the control sees because it does not see the mount. Anything
# but the empty files of the test could be a leak of the nonce.
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
# shellcheck disable=SC2086 # names
find_missing $TOOLS
if [ -n "$MISSING" ]; then
  report_missing tool "$MISSING"
  end_without_tools "$MISSING"
fi
mkdir -p "$SCRATCH"
[ -z "${JUDGE:-}" ] || REPORTING="file"
clock
deadline=$((now + TIMEOUT_SECONDS * 100))
report_start
meet_producer
if await_mount; then
  if examine_with_deadline; then conclude 0; fi
  conclude 1
fi
if [ "$ROLE" = control ]; then
  search_underneath
  conclude 0
fi
conclude 1
