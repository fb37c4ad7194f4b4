#!/bin/sh
# The cleaner: waits on the node for the end of a run, and then cleans as the janitor does. Only
# a test that GitOps deploys has it, because no program outside the pods is there to clean up.
#
# RUN     id of the run
# BRIDGE  the bridge directory, below the node's /tmp as this pod sees it
# STANDBY yes in a container that cleans if the other one has never started, and no in the other:
#         on a node whose mounts are private no container with Bidirectional starts
#
# It cleans when the producer has ended, whoever ended it. It also cleans when it is deleted
# itself: the test is then being removed, so it stops a producer that goes on, and waits for a
# producer that was starting.
# shellcheck disable=SC2030,SC2031 # the janitor has a place of its own to write
set -u
PROGRAMS=${PROGRAMS:-/fuse-test}
SHARED=${SCRATCH:-/scratch}
SCRATCH=$SHARED/standby-$STANDBY
mkdir -p "$SCRATCH/janitor"

# How long a producer that is deleted with this pod may still start and end, in hundredths of a
# second: its own grace period is 10 s.
LATE_CENTISECONDS=1200

# How long cleaning may take, within the grace period of this pod.
LONGEST_CENTISECONDS=9500

# How long the container that stands by waits for the other one.
OTHER_CENTISECONDS=4500

# How long to wait for a producer that was told to end, before its mount is taken from it.
STOPPING_CENTISECONDS=1500

ROLE=cleaner
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"

FIFO=$BRIDGE/$RUN/signals/producer-$RUN
told=no

# shellcheck disable=SC2317 # called through apart
knock_at_producer() {
  [ ! -L "$FIFO" ] && [ -p "$FIFO" ] || return 1
  # Opening waits for ever where nobody holds the other end.
  : >"$FIFO"
}

# shellcheck disable=SC2317 # called through apart
stop_producer() {
  echo stop >"$FIFO"
}

producer_lives() {
  apart 1 knock_at_producer
}

# The janitor's program, for this run alone. A mount that is left is no longer the producer's.
clean() {
  (
    export RUN BRIDGE PROGRAMS ONLY="$RUN" RUNS="- $RUN" KEEP=- WAIT=no SCRATCH="$SCRATCH/janitor"
    exec sh "$PROGRAMS/janitor.sh"
  )
}

is_clean() {
  [ ! -e "$BRIDGE/$RUN" ]
}

# Ends this program if it is the container that stands by, and the other one has finished.
leave_to_other() {
  if [ "$STANDBY" = yes ] && [ -e "$SHARED/finished" ]; then exit 0; fi
}

# Gives the other container, if it has started, the time that it may take.
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

trap 'told=yes' TERM INT
emit started bridge "$BRIDGE" standby "$STANDBY"
[ "$STANDBY" = yes ] || : >"$SHARED/started"

seen=no
while [ $told = no ]; do
  leave_to_other
  if [ "$STANDBY" = no ]; then
    if producer_lives; then seen=yes; elif [ $seen = yes ]; then break; fi
  fi
  # A sleep in the foreground would put off the trap.
  sleep 1 &
  wait $!
done

await_other
clock
began=$now
asked=no
while producer_lives; do
  seen=yes
  clock
  if [ $asked = no ]; then
    emit stopping producer "$RUN"
    apart 1 stop_producer
    asked=yes
  fi
  [ $((now - began)) -lt $STOPPING_CENTISECONDS ] || break
  sleep 0.1
done
while :; do
  clean
  clock
  # One that was starting when it was deleted may have made its directories after that.
  if is_clean && { [ $seen = yes ] || [ $((now - began)) -ge $LATE_CENTISECONDS ]; }; then break; fi
  [ $((now - began)) -lt $LONGEST_CENTISECONDS ] || break
  sleep 0.5
done
: >"$SHARED/finished"
emit finished clean: "$(is_clean && echo true || echo false)"
