# shellcheck shell=sh disable=SC2034
# What the pods' programs share: paths, JSON lines and the reading of mountinfo.
#
# Every line that a program prints is one JSON object with the run, the role and
# an event, except the last line of the consumer, which people look for.

# The bridge is the hostPath as the pods see it. The mount lies below it, never on
# it: a restarted producer would otherwise fail on its own stale path.
BRIDGE=${BRIDGE:-/mnt/dfs}
MOUNT=$BRIDGE/mount
SIGNALS=$BRIDGE/signals
SENTINEL=NOT-MOUNTED
CGROUPS=${CGROUPS:-/sys/fs/cgroup}

# In SIGNALS, ROLE-RUN is a FIFO at which the producer meets a role that is looking: a
# role can come there although its bridge is read-only. mounted-RUN says that the mount
# is there. producer-RUN is a FIFO that a producer holds open for as long as it lives, so
# that the janitor can tell a producer from what one left. The run is in the names, so that
# what an earlier run left means nothing.

# Prints its argument as a JSON string. Control characters become spaces.
json_string() {
  printf '"%s"' "$(printf '%s' "$1" | tr '\000-\037\177' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g')"
}

# emit EVENT [KEY VALUE]...: one line of JSON, written at once so that lines of
# concurrent writers do not mix. A KEY that ends in ":" has a number or literal.
emit() {
  line="{\"run\":$(json_string "$RUN"),\"role\":$(json_string "$ROLE"),\"event\":$(json_string "$1")"
  shift
  while [ $# -ge 2 ]; do
    case $1 in
      *:) line="$line,\"${1%:}\":${2:-null}" ;;
      *) line="$line,\"$1\":$(json_string "$2")" ;;
    esac
    shift 2
  done
  printf '%s}\n' "$line"
}

# Emits the whole of this process's mountinfo, for the evidence of a run that failed.
emit_mountinfo() {
  lines=$(head -n 200 /proc/self/mountinfo | sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&",/')
  printf '{"run":%s,"role":%s,"event":"mountinfo","lines":[%s]}\n' \
    "$(json_string "$RUN")" "$(json_string "$ROLE")" "$(printf '%s' "${lines%,}" | tr -d '\n')"
}

# Sets now to the hundredths of a second since the machine started. A loop that counted
# its turns instead would wait many times too long on a busy machine.
clock() {
  read -r now _ </proc/uptime
  now=${now%.*}${now#*.}
}

# Within a command that is run apart: says that it goes on.
answers=0
answered() {
  answers=$((answers + 1))
  echo "$answers" >"$SCRATCH/answers"
}

# apart SECONDS COMMAND...: runs a command in a process that can be abandoned, because
# whatever touches a hung filesystem never returns. Gives the command's status, or 124
# where it did not end, and did not say "answered" either, for that long. What it says on
# stderr is in $SCRATCH/error.
apart_count=0
apart() {
  clock
  apart_seconds=$1
  apart_deadline=$((now + apart_seconds * 100))
  apart_answer=
  : >"$SCRATCH/answers"
  shift
  apart_count=$((apart_count + 1))
  apart_status=$SCRATCH/status-$apart_count
  # A container that was started again finds what the one before it left.
  rm -f "$apart_status"
  : >"$SCRATCH/error"
  {
    "$@" 2>"$SCRATCH/error"
    echo $? >"$apart_status"
  } &
  apart_process=$!
  until [ -s "$apart_status" ]; do
    clock
    # Nothing is read where it is being written at this moment.
    if read -r answer <"$SCRATCH/answers" && [ "$answer" != "$apart_answer" ]; then
      apart_answer=$answer
      apart_deadline=$((now + apart_seconds * 100))
    fi
    if [ "$now" -ge $apart_deadline ]; then
      kill -9 $apart_process 2>/dev/null
      return 124
    fi
    sleep 0.01
  done
  return "$(cat "$apart_status")"
}

# Prints the lines of this process's mountinfo whose mount point is exactly $1.
mounts_at() {
  grep "^[0-9]* [0-9]* [0-9:]* [^ ]* $1 " /proc/self/mountinfo
}

# Succeeds if the topmost mount at $1 is FUSE.
fuse_mounted_at() {
  mounts_at "$1" | tail -n 1 | grep -Eq ' - fuse(\.[^ ]*)? '
}

# Prints one field of /proc/self/status, such as CapEff.
status_field() {
  sed -n "s/^$1:[[:space:]]*//p" /proc/self/status
}

# Prints how many processes of this container the kernel has killed for memory, from the
# memory cgroup, version 2 or 1; 0 where that cannot be read. A container sees either the
# whole hierarchy, in which its path is that of /proc/self/cgroup, or its own part alone.
oom_kills() {
  unified=$(sed -n 's/^0:://p' /proc/self/cgroup)
  memory=$(sed -n 's/^[0-9]*:\([^:]*,\)*memory\(,[^:]*\)*://p' /proc/self/cgroup)
  for file in "$CGROUPS$unified/memory.events" "$CGROUPS/memory.events" \
    "$CGROUPS/memory$memory/memory.oom_control" "$CGROUPS/memory/memory.oom_control"; do
    [ -r "$file" ] || continue
    sed -n 's/^oom_kill //p' "$file"
    return
  done
  echo 0
}

# describe ROOT PATH EVENT: emits what lies at ROOT/PATH. Errors go to stderr.
describe() {
  at=$1/$2
  facts=$(stat -c '%s %a %h %u %g' "$at") || return 1
  # shellcheck disable=SC2086 # the five words are the format above
  set -- "$2" "$3" "$at" $facts
  if [ -L "$3" ]; then
    emit "$2" path "$1" type symlink target "$(readlink "$3")"
  elif [ -d "$3" ]; then
    emit "$2" path "$1" type directory mode "$5"
  else
    sum=$(sha256sum <"$3") || return 1
    emit "$2" path "$1" type file size: "$4" mode "$5" nlink: "$6" sha256 "${sum%% *}"
  fi
}

# describe_tree ROOT EVENT: one line for everything below ROOT, at most 100 lines.
describe_tree() {
  (cd "$1" && find . -mindepth 1 -maxdepth 3) >"$SCRATCH/paths" || return 1
  head -n 100 "$SCRATCH/paths" | while IFS= read -r path; do
    describe "$1" "${path#./}" "$2" || return 1
    answered
  done
}
