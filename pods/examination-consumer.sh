#!/bin/sh
# The examination's consumers: a cell of the visibility matrix, or the reader that keeps running
# through every loss of the mount. Each is started twice: it ends with status 1 when it has
# seen enough, and the kubelet starts it again, then after the mount was made. The second
# one prints the journal of both.
#
# RUN           id of this run; every line carries it
# CELL          name of this container
# WAIT_SECONDS  how long to wait for the producer
set -u
ROLE=$CELL
PROGRAMS=${FUSE_TEST_PROGRAMS:-/fuse-test}
SCRATCH=${FUSE_TEST_SCRATCH:-/scratch}
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"
# shellcheck source=pods/examination-common.sh
. "$PROGRAMS/examination-common.sh"
JOURNAL=$SCRATCH/$CELL.journal
AGAIN=$SCRATCH/$CELL.again
TOOLS="$COMMON_TOOLS cp dd ls mkdir mkfifo mount mv umount"

# Exits, with everything observed so far.
give_up() {
  now
  note failed "\"stage\":\"waiting\",\"message\":$(json_string "$1")"
  finish
}

finish() {
  print_journal
  exit 0
}

# Waits for the producer. A signal file may be from an earlier run, except the producer's first, which has the
# run in its name, and those that it makes after that.
await_producer() {
  await "$SIGNALS/prepared-$RUN" $((WAIT_SECONDS * 100)) || give_up "the producer did not prepare the bridge within $WAIT_SECONDS s"
}

boolean() {
  if "$@"; then echo true; else echo false; fi
}

# ---- a cell of the matrix

look_at() {
  count_mounts "$2"
  visible=$MOUNTS
  probe "$CELL" "$2/marker"
  now
  note look "\"started\":\"$3\",\"mount\":\"$1\",\"mounts\":$visible,\"result\":\"$RESULT\",\"text\":$(json_string "$TEXT"),\"sentinel\":$(boolean sentinel_visible "$2")"
}

# A hung or closed mount is not read again.
# shellcheck disable=SC2317 # called by boolean
sentinel_visible() {
  [ "$RESULT" != hung ] && [ -e "$1/$SENTINEL" ]
}

look() {
  look_at allowed "$ALLOWED" "$1"
  look_at owner-only "$OWNER_ONLY" "$1"
}

# Makes a mount in this container, to observe whether it reaches the producer.
mount_back() {
  result=mounted
  mount -t tmpfs -o size=64k reverse "$REVERSE/$CELL" 2>"$SCRATCH/$CELL.error" || result=refused
  now
  note mount-back "\"result\":\"$result\",\"text\":$(json_string "$(cat "$SCRATCH/$CELL.error")")"
  : >"$SIGNALS/reverse-$CELL"
  await "$SIGNALS/reverse-seen" $((WAIT_SECONDS * 100)) || true
  [ $result = refused ] || umount "$REVERSE/$CELL"
}

cell_first() {
  await_producer
  count_mounts "$ALLOWED"
  now
  note looking "\"mounts\":$MOUNTS,\"uid\":$(id -u),\"capEff\":\"$(status_field CapEff)\",\"bridge\":$(json_string "$(mounts_at "$BRIDGE" | tail -n 1)")"
  : >"$SIGNALS/looking-$CELL"
  await "$SIGNALS/mounted" $((WAIT_SECONDS * 100)) || give_up "the producer did not mount within $WAIT_SECONDS s"
  # Propagation is part of the mount call; a mount that has not arrived by now never will.
  sleep 0.1
  look before
  mount_back
}

cell_again() {
  look after
  : >"$SIGNALS/done-$CELL"
  finish
}

# ---- the reader

CUT_OFF="a read under way was cut off"

# Sets READ to "nonce GENERATION" or to the error message. It starts no process, and runs in one that can be
# abandoned. The shell prints nothing if a read fails after the file was opened.
read_marker() {
  if { read -r read_generation read_nonce <"$RECOVERY/marker"; } 2>"$SCRATCH/reader.error"; then
    READ="nonce $read_generation"
    case $read_generation$read_nonce in
      *[!0-9a-f]*) READ="what was read is not a nonce" ;;
    esac
  else
    READ=
    read -r READ <"$SCRATCH/reader.error" || READ=$CUT_OFF
  fi
}

# Reads repeatedly while fd 8 keeps a file of this mount open.
follow() {
  now
  this=$read_generation
  : >"$SIGNALS/read-$this"
  note read "\"generation\":$this,\"nonce\":\"$read_nonce\""
  while [ "$READ" = "nonce $this" ]; do
    now
    last_good=$NOW
    if [ -e "$SIGNALS/quiet" ]; then nap 0.1; else nap; fi
    read_marker
  done
  now
  lost=$NOW
  # A read that is cut off gives no reason. The next one does, before the producer unmounts.
  if [ "$READ" = "$CUT_OFF" ]; then
    read_marker
    case $READ in
      "nonce "* | "$CUT_OFF") READ=$CUT_OFF ;;
      *) READ="$CUT_OFF, then: $READ" ;;
    esac
  fi
  : >"$SIGNALS/lost-$this"
  open_file=$(head -c 1 <&8 2>&1 >/dev/null) && open_file="still readable"
  NOW=$lost
  note lost "\"generation\":$this,\"previous\":$last_good,\"text\":$(json_string "$READ"),\"openFile\":$(json_string "$open_file")"
}

read_forever() {
  open_nap reader-loop
  last=
  while :; do
    read_marker
    case $READ in
      "nonce "*) { follow; } 8<"$RECOVERY/open-file" ;;
      "$last") ;;
      *)
        now
        note error "\"text\":$(json_string "$READ")"
        ;;
    esac
    last=$READ
    nap
  done
}

# Runs when the producer signals that its driver hangs: one more probe, which is abandoned. It returns when
# the driver is dead.
probe_hang() {
  probe hang "$RECOVERY/marker"
  now
  note hang-probe "\"result\":\"$RESULT\",\"text\":$(json_string "$TEXT")"
  : >"$SIGNALS/hang-probed"
  await "$SCRATCH/hang.status" 500 || true
  now
  note hang-answer "\"text\":$(json_string "$(cat "$SCRATCH/hang.text")")"
}

# Without FUSE, a copy of the same files in this pod is measured.
measure_speed() {
  {
    cp -r "$RECOVERY/big" "$RECOVERY/small" "$RECOVERY/order" "$SCRATCH/" 2>"$SCRATCH/measure.error" &&
      measure_all consumer-plain "$SCRATCH" &&
      measure_all consumer-fuse "$RECOVERY"
  } || note failed "\"stage\":\"speed\",\"message\":$(json_string "$(cat "$SCRATCH/measure.error")")"
  : >"$SIGNALS/speed-measured"
}

# Watches mountinfo, which cannot hang, and the producer's signals.
reader_first() {
  await_producer
  open_nap reader-watch
  read_forever &
  reader_process=$!
  known=-1
  hang_probed=no
  speed_measured=no
  now
  until [ -e "$SIGNALS/end" ]; do
    previous=$NOW
    count_mounts "$RECOVERY"
    now
    if [ "$MOUNTS" != "$known" ]; then
      note mounts "\"mounts\":$MOUNTS,\"previous\":$previous"
      known=$MOUNTS
    fi
    if [ $hang_probed = no ] && [ -e "$SIGNALS/hang" ]; then
      hang_probed=yes
      probe_hang
    fi
    if [ $speed_measured = no ] && [ -e "$SIGNALS/speed" ]; then
      speed_measured=yes
      measure_speed
    fi
    if [ -e "$SIGNALS/quiet" ]; then nap 0.1; else nap; fi
  done
  kill -9 $reader_process 2>/dev/null
  count_mounts "$RECOVERY"
  now
  note reader-end "\"mounts\":$MOUNTS,\"sentinel\":$(boolean [ -e "$RECOVERY/$SENTINEL" ])"
  : >"$SIGNALS/ended"
}

# A container that starts now gets the mounts that the runtime sees.
reader_again() {
  count_mounts "$RECOVERY"
  now
  note started-after-end "\"mounts\":$MOUNTS"
  finish
}

check_tools
trap 'exit 0' TERM INT
mkdir -p "$SCRATCH"
started=first
if [ -e "$AGAIN" ]; then started=again; else : >"$AGAIN" && : >"$JOURNAL"; fi
case $CELL-$started in
  reader-first) reader_first ;;
  reader-again) reader_again ;;
  *-first) cell_first ;;
  *-again) cell_again ;;
esac
exit 1
