# shellcheck shell=sh disable=SC2034
# Shared functions of the examination's two programs: paths, a fine clock, notes and probes.
#
# Facts are written into a journal, which is printed at the end, because the log of a pod
# is deleted with it.

EXAMINATION=$BRIDGE/examination
ALLOWED=$EXAMINATION/with-allow-other
OWNER_ONLY=$EXAMINATION/without-allow-other
RECOVERY=$EXAMINATION/recovery
REVERSE=$EXAMINATION/reverse
SIGNALS=$EXAMINATION/signals
STATE=$EXAMINATION/state

# Time limit of a probe of a mount, in polls of 10 ms: less than any driver's own timeout, much more than any
# needs to respond.
PROBE_POLLS=100

# Sets NOW to the time in seconds with decimals. The shell's own clock has microseconds and needs no process;
# without it, the kernel's uptime has 10 ms. Pods of one node share either clock.
now() {
  NOW=${EPOCHREALTIME:-}
  [ -n "$NOW" ] || read -r NOW _ </proc/uptime
}

clock_name() {
  if [ -n "${EPOCHREALTIME:-}" ]; then echo realtime; else echo uptime; fi
}

# Exits if the image lacks programs, with a journal that reports it.
check_tools() {
  # shellcheck disable=SC2086 # names
  find_missing $TOOLS
  [ -n "$MISSING" ] || return 0
  report_missing tool "$MISSING"
  now
  emit journal-begin
  emit failed at: "$NOW" stage tool message "not in the image: $MISSING"
  emit journal-end lines: 1
  exit 0
}

# Prints the facts at once, framed and counted, so that a lost line is noticed.
print_journal() {
  emit journal-begin
  cat "$JOURNAL" 2>/dev/null
  emit journal-end lines: "$(grep -c '' "$JOURNAL" 2>/dev/null)"
}

# Sleeps $1 seconds, or about 2 ms, without starting a process, which would take as long again.
# shellcheck disable=SC3045 # busybox has fractions of seconds
nap() {
  read -r -t "${1:-0.002}" _ <&9 || true
}

open_nap() {
  [ -p "$SCRATCH/$1.nap" ] || mkfifo "$SCRATCH/$1.nap"
  exec 9<>"$SCRATCH/$1.nap"
}

# note EVENT FIELDS: writes a line in the journal. FIELDS are literal JSON; it starts no process, so that
# noting a time does not delay the next measurement.
note() {
  printf '{"run":"%s","role":"%s","event":"%s","at":%s%s}\n' "$RUN" "$ROLE" "$1" "$NOW" "${2:+,$2}" >>"$JOURNAL"
}

# Sets MOUNTS to the number of mounts at exactly $1, by this process's mountinfo. It reads
# no mount: it cannot hang. The shell's own read would take a system call a byte. A mount that is replaced
# between two system calls of one reader is in the list twice, so more than one is counted again.
count_mounts() {
  count_entries "$1"
  [ "$MOUNTS" -le 1 ] || count_entries "$1"
}

count_entries() {
  MOUNTS=$(grep -c "^[0-9]* [0-9]* [0-9:]* [^ ]* $1 " /proc/self/mountinfo)
}

# await FILE POLLS: waits for a signal, 10 ms a poll.
await() {
  polls=0
  until [ -e "$1" ]; do
    [ $polls -lt "$2" ] || return 1
    polls=$((polls + 1))
    sleep 0.01
  done
}

# probe NAME FILE: reads a little of a file in a process that can be abandoned. Sets TEXT to the content, or
# to the error message, and RESULT to read, failed or hung.
probe() {
  rm -f "$SCRATCH/$1.status"
  probe_in_background "$1" "$2" &
  probe_process=$!
  if await "$SCRATCH/$1.status" $PROBE_POLLS; then
    TEXT=$(cat "$SCRATCH/$1.text")
    read -r RESULT <"$SCRATCH/$1.status"
  else
    RESULT=hung
    TEXT="no answer within $((PROBE_POLLS * 10)) ms"
  fi
}

probe_in_background() {
  probed=failed
  ! head -c 200 "$2" >"$SCRATCH/$1.text" 2>&1 || probed="read"
  echo $probed >"$SCRATCH/$1.status.new"
  mv "$SCRATCH/$1.status.new" "$SCRATCH/$1.status"
}

# measure WHERE ROOT NAME COMMAND: the same command several times, each timed.
measure() {
  for _ in 1 2 3; do
    now
    started=$NOW
    (cd "$2" && eval "$4") >/dev/null 2>"$SCRATCH/measure.error" || return 1
    now
    note speed "\"where\":\"$1\",\"operation\":\"$3\",\"started\":$started"
  done
}

# measure_all WHERE ROOT: measures the four ways in which files are read. The small files are read by one
# process in an order that is independent of their names.
# shellcheck disable=SC2016 # expanded by measure
measure_all() {
  measure "$1" "$2" sequential 'dd if=big of=/dev/null bs=128k' &&
    measure "$1" "$2" random 'cat $(cat order)' &&
    measure "$1" "$2" stat 'stat -t small/* small/* small/* small/* small/* small/* small/* small/*' &&
    measure "$1" "$2" readdir 'ls small small small small small small small small'
}
