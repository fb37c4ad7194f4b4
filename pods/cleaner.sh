#!/bin/sh
# The cleaner: waits on the node until a run has ended, and then cleans as the janitor does. Only
# a test that GitOps deploys has it, because no program outside the pods can clean up.
#
# RUN     id of the run
# BRIDGE  the bridge directory, below the node's /tmp as this pod sees it
# STANDBY yes in a container that cleans if the other one has never started, and no in the other:
#         on a node whose mounts are private no container with Bidirectional starts
#
# It cleans when the producer has ended, for whatever reason, and again when a pod that started late
# has brought back the directory. It exits only when it is deleted itself: the test is then being
# removed, so it stops a producer that still runs, and waits for pods that were starting.
# shellcheck disable=SC2030,SC2031 # the janitor has a place of its own to write
set -u
PROGRAMS=${FUSE_TEST_PROGRAMS:-/fuse-test}
SHARED=${FUSE_TEST_SCRATCH:-/scratch}
SCRATCH=$SHARED/standby-$STANDBY
mkdir -p "$SCRATCH/janitor"

# Time in which a pod that is deleted with this one may still start and end, in hundredths of a second:
# the producer's grace period is 10 s.
LATE_CENTISECONDS=1200

# Attempts to reach a producer before its mount counts as one that was left: on a busy node a process
# may not run for seconds.
ATTEMPTS=3

# Time that cleaning may take, within the grace period of this pod.
LONGEST_CENTISECONDS=9500

# Time that the standby container waits for the other one.
OTHER_CENTISECONDS=4500

# Time to wait for a producer that was asked to stop, before its mount is unmounted.
STOPPING_CENTISECONDS=1500

ROLE=cleaner
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"

FIFO=$BRIDGE/$RUN/signals/producer-$RUN
MOUNTED=$BRIDGE/$RUN/signals/mounted-$RUN
asked_to_stop=no

# Becomes yes when all pods of the run have started: the producer mounts only when the others watch. A pod
# that starts later makes the kubelet and the runtime create the directory again.
complete=no
note_complete() {
  [ ! -e "$MOUNTED" ] || complete=yes
}

# Succeeds if a producer holds its FIFO open.
producer_lives() {
  attempt=0
  while [ $attempt -lt $ATTEMPTS ]; do
    apart 1 knock "$FIFO"
    lives=$?
    # Only a timeout can be caused by a busy node. It does not matter when the test is being removed.
    [ $lives = 124 ] && [ $asked_to_stop = no ] || return "$lives"
    attempt=$((attempt + 1))
  done
  return "$lives"
}

# Runs the janitor's program for this run only. A mount that is left is no longer the producer's.
clean() {
  (
    export RUN BRIDGE RUNS="- $RUN" KEEP=- WAIT=no
    export FUSE_TEST_PROGRAMS="$PROGRAMS" FUSE_TEST_ONLY="$RUN" FUSE_TEST_SCRATCH="$SCRATCH/janitor"
    exec sh "$PROGRAMS/janitor.sh"
  )
}

is_clean() {
  [ ! -e "$BRIDGE/$RUN" ]
}

# Exits if this is the standby container, and the other one has finished.
leave_to_other() {
  if [ "$STANDBY" = yes ] && [ -e "$SHARED/finished" ]; then exit 0; fi
}

# Waits for the other container, if it has started, until its time limit.
await_other() {
  [ "$STANDBY" = yes ] && [ -e "$SHARED/started" ] || return 0
  clock
  began=$now
  while [ $((now - began)) -lt $OTHER_CENTISECONDS ]; do
    leave_to_other
    sleep 0.2
    clock
  done
}

trap 'asked_to_stop=yes' TERM INT
emit started bridge "$BRIDGE" standby "$STANDBY"
[ "$STANDBY" = yes ] || : >"$SHARED/started"

seen=no
pause=1
while [ $asked_to_stop = no ]; do
  if [ "$STANDBY" = no ]; then
    note_complete
    if producer_lives; then
      seen=yes
    elif [ $seen = yes ] && [ $asked_to_stop = no ] && ! is_clean; then
      clean
      # What is left is not the test's: it is reported again, but less and less often.
      if is_clean; then pause=1; else pause=$((pause * 2)); fi
    fi
  fi
  # A sleep in the foreground would delay the trap.
  sleep "$pause" &
  wait $!
done

await_other
clock
began=$now
asked=no
while producer_lives; do
  note_complete
  clock
  if [ $asked = no ]; then
    emit stopping producer "$RUN"
    apart 1 into "$FIFO" echo stop
    asked=yes
  fi
  [ $((now - began)) -lt $STOPPING_CENTISECONDS ] || break
  sleep 0.1
done
while :; do
  clean
  clock
  if is_clean && { [ $complete = yes ] || [ $((now - began)) -ge $LATE_CENTISECONDS ]; }; then break; fi
  [ $((now - began)) -lt $LONGEST_CENTISECONDS ] || break
  sleep 0.5
done
: >"$SHARED/finished"
emit finished clean: "$(is_clean && echo true || echo false)"
