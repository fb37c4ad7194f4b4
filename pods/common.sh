# shellcheck shell=sh disable=SC2034
# Shared functions of the pods' programs: their environment, paths, JSON lines and the reading of
# mountinfo.
#
# Every line that a program prints is one JSON object with the run, the role and
# an event, except the last line of the consumer, which human readers rely on.

# An image can set anything: another language, a PATH with programs of its own before the system's, a
# directory that does not exist. None of it may change the observations or the output.
unset ENV BASH_ENV CDPATH IFS POSIXLY_CORRECT _POSIX2_VERSION QUOTING_STYLE GREP_OPTIONS GREP_COLOR GREP_COLORS
unset LD_PRELOAD LD_AUDIT LD_DEBUG EXECIGNORE GLOBIGNORE TMOUT
export LC_ALL=C LANG=C LANGUAGE=C HOME="$SCRATCH" TMPDIR="$SCRATCH"
export PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}"
set +aefvxC
umask 022
# shellcheck disable=SC3045 # dash, bash and busybox have soft limits; others keep what they have
for limit in 'c 0' 'd unlimited' 'f unlimited' 't unlimited' 'v unlimited'; do
  ulimit -S -"${limit% *}" "${limit#* }" 2>/dev/null
done
cd /

# An image can also have variables of the names that these programs use. JUDGE is a user id, if the run has one.
ALLOW_OTHER=yes
CGROUPS=/sys/fs/cgroup
case ${JUDGE:-} in *[!0-9]*) JUDGE= ;; esac

# Programs that the functions below use. Each program adds its own and checks first that the image has them
# all.
COMMON_TOOLS="cat find grep head id readlink rm sed sha256sum sleep stat tail tr"

# The bridge is the hostPath as the pods see it. The mount is below it, never on it: a restarted producer
# would otherwise fail on its own stale path. Only the janitor and the cleaner are given another path.
case $ROLE in janitor | cleaner) ;; *) BRIDGE=/mnt/dfs ;; esac
MOUNT=$BRIDGE/mount
SIGNALS=$BRIDGE/signals
SENTINEL=NOT-MOUNTED

# In SIGNALS, ROLE-RUN is a FIFO at which the producer meets a role that
# is watching: a role can come there although its bridge is read-only. mounted-RUN means that
# the mount exists. producer-RUN is a FIFO that a producer holds open for as long as it lives, so
# that the janitor can distinguish a producer from what one left. The run is in the names, so that
# what an earlier run left means nothing.
#
# Where the consumer judges (JUDGE is its uid), the producer makes three more FIFOs, and holds
# them open so that no pod waits at them: report-producer-RUN and report-control-RUN carry what
# these two print to the consumer, and taken-RUN carries its answer that it has read the end.
# Nothing of that is stored. The kernel enforces who may do what: only root writes the producer's
# report, only root and JUDGE the control's, and no other user reads either.

# File descriptor 9, or a file, that gets a copy of each line for the consumer.
REPORTING=no
REPORT=$SCRATCH/report

# Sets QUOTED to its argument as a JSON string. Control characters become spaces. Most texts need no other
# program, so that a program can report which ones are missing.
quote() {
  case $1 in
    *[!\ -~]* | *[\\\"]*) QUOTED=\"$(printf '%s' "$1" | tr '\000-\037\177' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g')\" ;;
    *) QUOTED=\"$1\" ;;
  esac
}

# Prints its argument as a JSON string.
json_string() {
  quote "$1"
  printf '%s' "$QUOTED"
}

# emit EVENT [KEY VALUE]...: prints one line of JSON, written at once so that lines of
# concurrent writers do not mix. A KEY that ends in ":" has a number or literal.
emit() {
  quote "$RUN"
  line="{\"run\":$QUOTED,\"role\":\"$ROLE\",\"event\":\"$1\""
  shift
  while [ $# -ge 2 ]; do
    case $1 in
      *:) line="$line,\"${1%:}\":${2:-null}" ;;
      *)
        quote "$2"
        line="$line,\"$1\":$QUOTED"
        ;;
    esac
    shift 2
  done
  printf '%s}\n' "$line"
  case $REPORTING in
    pipe) printf '%s}\n' "$line" >&9 ;;
    file) printf '%s}\n' "$line" >>"$REPORT" ;;
  esac
}

# Emits all of this process's mountinfo, for the evidence of a run that failed.
emit_mountinfo() {
  lines=$(head -n 200 /proc/self/mountinfo | sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&",/')
  printf '{"run":%s,"role":%s,"event":"mountinfo","lines":[%s]}\n' \
    "$(json_string "$RUN")" "$(json_string "$ROLE")" "$(printf '%s' "${lines%,}" | tr -d '\n')"
}

# find_missing PROGRAM...: sets MISSING to those that the image lacks, with ", " between
# them. "a|b" means either. Bash would take a function from the environment for a program.
find_missing() {
  MISSING=
  unset -f "$@" 2>/dev/null
  for wanted in "$@"; do
    either=$wanted
    until command -v "${either%%|*}" >/dev/null 2>&1; do
      case $either in
        *"|"*) either=${either#*|} ;;
        *)
          MISSING="$MISSING${MISSING:+, }${wanted%%|*}"
          break
          ;;
      esac
    done
  done
}

# find_broken PROGRAM...: sets BROKEN to those that are in the image and cannot be run: a library is missing, or it is made
# for another processor. Each with the status and the words of the shell or the loader. A program that runs has another
# status, whatever it makes of --help. Asked for only when something has failed: it starts every program.
find_broken() {
  BROKEN=
  for wanted in "$@"; do
    broken_words=$("$wanted" --help 2>&1 >/dev/null </dev/null)
    broken_status=$?
    case $broken_status in 126 | 127) ;; *) continue ;; esac
    broken_words=${broken_words%%'
'*}
    # Other words would need programs to be printed.
    case $broken_words in *[!\ -~]* | *[\\\"]*) broken_words= ;; esac
    BROKEN="$BROKEN${BROKEN:+, }$wanted cannot be run (status $broken_status${broken_words:+: $broken_words})"
  done
}

# report_missing STAGE NAMES: emits the failure of a program whose image lacks other programs.
report_missing() {
  case $2 in
    *,*) emit failed stage "$1" message "$2 are not in the image" ;;
    *) emit failed stage "$1" message "$2 is not in the image" ;;
  esac
}

# Sets now to the hundredths of a second since the machine started. A loop that counted its turns instead
# would wait many times too long on a busy machine.
clock() {
  read -r now _ </proc/uptime
  now=${now%.*}${now#*.}
}

# Must be called within a command that is run apart, to report its progress.
answers=0
answered() {
  answers=$((answers + 1))
  echo "$answers" >"$SCRATCH/answers"
}

# into FIFO COMMAND...: runs a command that writes into a FIFO which another process holds open for both. Blocks
# if none does, and fails if there is no FIFO. Opening it for writing by its name would create a file if it has
# just been removed, and no one removes a file that is not empty.
into() {
  [ ! -L "$1" ] && [ -p "$1" ] || return
  into_fifo=$1
  shift
  { [ -p /proc/self/fd/3 ] && "$@" >/proc/self/fd/3; } 3<"$into_fifo"
}

# knock FIFO: blocks until another process has a FIFO open for reading; fails if there is no FIFO.
# shellcheck disable=SC2317 # called through apart
knock() {
  [ ! -L "$1" ] && [ -p "$1" ] && true >"$1"
}

# apart SECONDS COMMAND...: runs a command in a process that can be abandoned, because access to a hung
# filesystem never returns. Returns the command's status, or 124 if for that long it neither exited nor called
# "answered". Its stderr is in $SCRATCH/error.
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
  # A restarted container finds the files of its predecessor.
  rm -f "$apart_status"
  : >"$SCRATCH/error"
  {
    "$@" 2>"$SCRATCH/error"
    echo $? >"$apart_status"
  } &
  apart_process=$!
  until [ -s "$apart_status" ]; do
    clock
    # The file is empty while it is being written.
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

# with_access_facts WORDS PATH: prints an error message with everything that decides about access to the path:
# mode, owner, the SELinux label, and this process's identity.
with_access_facts() {
  facts=$(stat -c 'mode %a, owner %u:%g' "$2" 2>&1)
  label=$(stat -c %C "$2" 2>/dev/null)
  case $label in
    *:*:*) facts="$facts, label $label" ;;
  esac
  confined=$({ tr -d '\000\n' </proc/self/attr/current; } 2>/dev/null)
  printf '%s (%s; seen by uid %s%s)' "$1" "$facts" "$(id -u)" "${confined:+, confined as $confined}"
}

# last_words FILE: prints the end of a driver's log, after the line with which a crash begins if that is further up: Go,
# Rust and Java print the reason first and then their stacks.
last_words() {
  lines=$(grep -c '' "$1")
  crash=$(grep -nE -e '^(panic|fatal error|runtime|SIG[A-Z]+): |^Exception in thread |^thread .* panicked at ' "$1" | head -n 1)
  if [ -n "$crash" ] && [ "${crash%%:*}" -le $((lines - 5)) ]; then printf '%s\n' "${crash#*:}"; fi
  tail -n 5 "$1"
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

# Prints the number of this container's processes that the kernel has killed for memory, from the memory
# cgroup, version 2 or 1; 0 if it cannot be read. A container sees either the whole hierarchy, in which its
# path is that of /proc/self/cgroup, or only its own part.
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

# Set to yes if a driver must mount although the mount point is not empty.
NON_EMPTY=no

# Succeeds if a driver's log shows that it refuses a mount point that is not empty: libfuse 2, and rclone's
# own check.
refuses_content() {
  grep -Eiq -e 'mount ?point ((directory )?[^ ]+ )?(is )?not empty' \
    -e 'is not empty, use --allow-non-empty to mount anyway' \
    -e 'is not empty: [^ ]+ if you want to mount it anyway use: --allow-non-empty' "$1"
}

# describe ROOT PATH EVENT: emits the file at ROOT/PATH. Errors go to stderr. The status is that of the failed
# program: from 126 on the program itself failed, and not its access to the file.
describe() {
  at=$1/$2
  facts=$(stat -c '%s %a %h %u %g' "$at") || return
  # shellcheck disable=SC2086 # the five words are the format above
  set -- "$2" "$3" "$at" $facts
  if [ -L "$3" ]; then
    target=$(readlink "$3") || return
    emit "$2" path "$1" type symlink target "$target"
  elif [ -d "$3" ]; then
    emit "$2" path "$1" type directory mode "$5"
  else
    sum=$(sha256sum <"$3") || return
    emit "$2" path "$1" type file size: "$4" mode "$5" nlink: "$6" sha256 "${sum%% *}"
  fi
}

# describe_tree ROOT EVENT: emits one line for everything below ROOT, at most 100 lines. Writes their number
# to $SCRATCH/described for a later line to announce, so that a lost line is noticed.
describe_tree() {
  (cd "$1" && find . -mindepth 1 -maxdepth 3) >"$SCRATCH/paths" || return
  head -n 100 "$SCRATCH/paths" | grep -c '' >"$SCRATCH/described"
  head -n 100 "$SCRATCH/paths" | while IFS= read -r path; do
    describe "$1" "${path#./}" "$2" || return
    answered
  done
}
