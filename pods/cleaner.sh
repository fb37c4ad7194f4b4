#!/bin/sh
# The cleaner: waits on the node until a run has ended, and then cleans as the janitor does. Only
# a test that GitOps deploys has it, because no program outside the pods can clean up.
#
# RUN     id of the run
# BRIDGE  the bridge directory, below the node's /tmp as this pod sees it
# STANDBY yes in a container that cleans if the other one has never started, and no in the other:
#         on a node whose mounts are private no container with Bidirectional starts
#
# It cleans when the producer has ended, whatever stopped it. It also cleans when it is deleted
# itself: the test is then being removed, so it stops a producer that still runs, and waits for a
# producer that was starting.
# shellcheck disable=SC2030,SC2031 # the janitor has a place of its own to write
set -u
PROGRAMS=${PROGRAMS:-/fuse-test}
SHARED=${SCRATCH:-/scratch}
SCRATCH=$SHARED/standby-$STANDBY
mkdir -p "$SCRATCH/janitor"

# Time that a producer which is deleted with this pod may still take to start and to terminate, in hundredths
# of a second: its own grace period is 10 s.
LATE_CENTISECONDS=1200

# Time limit of the cleaning, within the grace period of this pod.
LONGEST_CENTISECONDS=9500

# Time that the standby container waits for the other one.
OTHER_CENTISECONDS=4500

# Time to wait for a producer that was asked to stop, before its mount is unmounted.
STOPPING_CENTISECONDS=1500

ROLE=cleaner
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"

FIFO=$BRIDGE/$RUN/signals/producer-$RUN
asked_to_stop=no

# shellcheck disable=SC2317 # called through apart
knock_at_producer() {
  [ ! -L "$FIFO" ] && [ -p "$FIFO" ] || return 1
  # Opening blocks forever if no process has the other end open.
  : >"$FIFO"
}

# shellcheck disable=SC2317 # called through apart
stop_producer() {
  echo stop >"$FIFO"
}

producer_lives() {
  apart 1 knock_at_producer
}

# Runs the janitor's program for this run only. A mount that is left is no longer the producer's.
clean() {
  (
    export RUN BRIDGE PROGRAMS ONLY="$RUN" RUNS="- $RUN" KEEP=- WAIT=no SCRATCH="$SCRATCH/janitor"
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
while [ $asked_to_stop = no ]; do
  leave_to_other
  if [ "$STANDBY" = no ]; then
    if producer_lives; then seen=yes; elif [ $seen = yes ]; then break; fi
  fi
  # A foreground sleep would delay the trap.
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
  # A producer that was starting when it was deleted may have created its directories after that.
  if is_clean && { [ $seen = yes ] || [ $((now - began)) -ge $LATE_CENTISECONDS ]; }; then break; fi
  [ $((now - began)) -lt $LONGEST_CENTISECONDS ] || break
  sleep 0.5
done
: >"$SHARED/finished"
emit finished clean: "$(is_clean && echo true || echo false)"
