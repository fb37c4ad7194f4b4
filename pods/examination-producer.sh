#!/bin/sh
# shellcheck disable=SC2030,SC2031,SC2119 # a driver has a SCRATCH of its own; nap has a default
# The examination's producer: mounts for the visibility matrix, then loses its mount in
# every way that is known from practice, and mounts again. It may be restarted, deleted and recreated on
# purpose: its progress is stored on the bridge.
#
# RUN           id of this run; every line carries it
# DRIVER        the FUSE program, a file in drivers/
# CELLS         names of the containers that read the matrix's mounts
# STEPS         what to do, such as "kill kill hang restart delete evict speed"
# WAIT_SECONDS  how long to wait for another container, and for the driver to mount
set -u
ROLE=examination-producer
PROGRAMS=${FUSE_TEST_PROGRAMS:-/fuse-test}
SCRATCH=${FUSE_TEST_SCRATCH:-/scratch}
# shellcheck source=pods/common.sh
. "$PROGRAMS/common.sh"
# shellcheck source=pods/examination-common.sh
. "$PROGRAMS/examination-common.sh"
# shellcheck source=pods/killed-driver.sh
. "$PROGRAMS/killed-driver.sh"
# shellcheck source=pods/drivers/rclone.sh
. "$PROGRAMS/driver-$DRIVER.sh"
JOURNAL=$EXAMINATION/journal
TOOLS="$COMMON_TOOLS chmod cut dd ls mkdir mkfifo mount mv od rmdir umount"

# Time that the reader may take to read the new nonce, in polls of 10 ms.
RECOVERY_POLLS=1000

driver_process=
generation=0
step_number=0

unmount_all() {
  tries=0
  count_mounts "$1"
  while [ "$MOUNTS" -gt 0 ] && [ $tries -lt 50 ]; do
    umount -l "$1" 2>/dev/null
    tries=$((tries + 1))
    count_mounts "$1"
  done
  [ "$MOUNTS" -eq 0 ]
}

# Removes everything that the examination made, by name and never recursively.
clean_up() {
  for place in "$ALLOWED" "$OWNER_ONLY" "$RECOVERY" "$REVERSE"/*; do
    unmount_all "$place" || return 1
  done
  stop_process "$driver_process"
  rm -f "$SIGNALS"/* "$STATE" "$JOURNAL"
  for place in "$ALLOWED" "$OWNER_ONLY" "$RECOVERY"; do
    rm -f "$place/$SENTINEL"
    [ ! -d "$place" ] || rmdir "$place"
  done
  for place in "$REVERSE"/* "$REVERSE" "$SIGNALS" "$EXAMINATION"; do
    [ ! -d "$place" ] || rmdir "$place"
  done
}

fail() {
  now
  note failed "\"stage\":$(json_string "$1"),\"message\":$(json_string "$2")"
  print_journal
  : >"$SIGNALS/end"
  clean_up
  exit 0
}

# Handles a signal to stop: on purpose, in a step that awaits it, or because the test is over.
# shellcheck disable=SC2317 # called by the trap
stop() {
  trap '' TERM INT
  now
  case ${awaiting:-} in
    delete | evict)
      save_state "$awaiting" "$NOW"
      note stopping "\"scenario\":\"$awaiting\""
      unmount_all "$RECOVERY"
      stop_process "$driver_process"
      now
      note stopped "\"scenario\":\"$awaiting\""
      ;;
    *) clean_up ;;
  esac
  exit 0
}

# save_state SCENARIO AT: stores the progress for the next container or pod.
save_state() {
  printf '%s %s %s %s %s\n' "$RUN" "$step_number" "$generation" "$1" "$2" >"$STATE"
}

# Uses a separate directory for each mount, so that an old nonce cannot be taken for a new one.
prepare_backing() {
  backing=$SCRATCH/$1
  mkdir -p "$backing"
  nonce=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s %s\n' "$2" "$nonce" >"$backing/marker"
  printf 'an open file\n' >"$backing/open-file"
  chmod 755 "$backing"
  chmod 644 "$backing/marker" "$backing/open-file"
  nonce_hash=$(printf '%s' "$nonce" | sha256sum)
  nonce_hash=${nonce_hash%% *}
}

# mount_driver SOURCE TARGET ALLOW_OTHER: mounts, and waits until the mount is in mountinfo.
mount_driver() {
  (
    SCRATCH=$1.driver
    export ALLOW_OTHER="$3"
    mkdir -p "$SCRATCH"
    driver_run "$1" "$2" 9>&- >"$1.log" 2>&1
  ) &
  driver_process=$!
  polls=0
  count_mounts "$2"
  while [ "$MOUNTS" -eq 0 ]; do
    polls=$((polls + 1))
    if [ $((polls % 50)) -eq 0 ] && [ "$NON_EMPTY" = no ] && refuses_content "$1.log"; then
      NON_EMPTY=yes
      mount_driver "$@"
      return
    fi
    if [ $((polls % 50)) -eq 0 ] && { [ $polls -ge $((WAIT_SECONDS * 250)) ] || ! process_alive "$driver_process"; }; then
      fail driver "$DRIVER did not mount: $(last_words "$1.log")"
    fi
    nap
    count_mounts "$2"
  done
  now
  end_killed_driver "$driver_process" "$2" >/dev/null 2>&1 9>&- &
}

# ---- the visibility matrix

matrix() {
  emit step name containers
  for cell in $CELLS; do
    await "$SIGNALS/looking-$cell" $((WAIT_SECONDS * 100)) || fail waiting "the container $cell did not start within $WAIT_SECONDS s"
  done
  now
  note phase '"name":"matrix"'
  emit step name matrix
  prepare_backing allowed 0
  mount_driver "$backing" "$ALLOWED" yes
  first_driver=$driver_process
  note matrix-mounted "\"mount\":\"allowed\",\"nonceSha256\":\"$nonce_hash\""
  prepare_backing owner-only 0
  mount_driver "$backing" "$OWNER_ONLY" no
  note matrix-mounted "\"mount\":\"owner-only\",\"nonceSha256\":\"$nonce_hash\""
  : >"$SIGNALS/mounted"
  for cell in $CELLS; do
    await "$SIGNALS/reverse-$cell" $((WAIT_SECONDS * 100)) || fail waiting "the container $cell did not read the mounts within $WAIT_SECONDS s"
    count_mounts "$REVERSE/$cell"
    now
    note reverse "\"cell\":\"$cell\",\"mounts\":$MOUNTS"
  done
  : >"$SIGNALS/reverse-seen"
  for cell in $CELLS; do
    await "$SIGNALS/done-$cell" $((WAIT_SECONDS * 100)) || fail waiting "the container $cell did not read the mounts again within $WAIT_SECONDS s"
  done
  unmount_all "$ALLOWED"
  unmount_all "$OWNER_ONLY"
  stop_process "$first_driver"
  stop_process "$driver_process"
  driver_process=
}

# ---- stale mounts and recovery

# recover SCENARIO AT: mounts again and waits for the same reader to read the new nonce.
recover() {
  mount_driver "$backing" "$RECOVERY" yes
  count_mounts "$RECOVERY"
  note mounted "\"scenario\":\"$1\",\"generation\":$generation,\"disrupted\":$2,\"mounts\":$MOUNTS,\"nonceSha256\":\"$nonce_hash\""
  await "$SIGNALS/read-$generation" $RECOVERY_POLLS || fail not-recovered "the running consumer did not read the new nonce within $((RECOVERY_POLLS / 100)) s after the scenario $1"
}

next_generation() {
  generation=$((generation + 1))
  prepare_backing "generation-$generation" "$generation"
}

# Kills the driver's process and waits until it has terminated.
kill_driver() {
  now
  disrupted=$NOW
  kill -KILL "$driver_process"
  wait "$driver_process" 2>/dev/null
  await_lost "$1"
}

# Waits for the reader's error, which is the question: it may read before the dead mount is unmounted.
await_lost() {
  polls=0
  until [ -e "$SIGNALS/lost-$1" ] || [ $polls -ge 100 ]; do
    polls=$((polls + 1))
    nap
  done
}

step_kill() {
  lost=$generation
  next_generation
  kill_driver $lost
  unmount_all "$RECOVERY" || fail unmount "the mount of the killed driver cannot be removed"
  recover kill "$disrupted"
}

step_hang() {
  lost=$generation
  next_generation
  now
  hung=$NOW
  kill -STOP "$driver_process"
  note hung "\"generation\":$lost"
  : >"$SIGNALS/hang"
  await "$SIGNALS/hang-probed" $RECOVERY_POLLS || fail waiting "the reader did not probe the hung mount"
  kill_driver $lost
  note hang-killed "\"generation\":$lost,\"killed\":$disrupted"
  unmount_all "$RECOVERY" || fail unmount "the mount of the hung driver cannot be removed"
  recover hang "$hung"
}

# Exits the container with everything in it, and leaves its mount on the node.
step_restart() {
  now
  note stopping '"scenario":"restart"'
  save_state restart "$NOW"
  exit 3
}

# Waits until the verdict command deletes this pod or evicts it, and recreates it.
await_removal() {
  save_state "$1" 0
  awaiting=$1
  emit await scenario "$1"
  await "$SIGNALS/never" $((WAIT_SECONDS * 100)) || true
  awaiting=
  fail waiting "the scenario $1 was not carried out within $WAIT_SECONDS s"
}

# Runs first in a container that was restarted.
resume() {
  read -r _ step_number generation scenario disrupted <"$STATE"
  rm -f "$STATE"
  count_mounts "$RECOVERY"
  now
  note resumed "\"scenario\":\"$scenario\",\"mounts\":$MOUNTS"
  unmount_all "$RECOVERY" || fail unmount "the mount of the scenario $scenario cannot be removed"
  next_generation
  recover "$scenario" "$disrupted"
}

# ---- speed

# Writes 64 files of 4 KiB, and an order to read them in, each 8 times: multiples of an odd number, which
# reach every file. Drivers whose caches are off list the directory for each file.
write_small_files() {
  content=$(od -An -v -N2048 -tx1 /dev/urandom | tr -d ' \n')
  number=0
  while [ $number -lt 512 ]; do
    [ $number -ge 64 ] || printf '%s' "$content" >"$backing/small/$number"
    echo "small/$((number * 37 % 64))"
    number=$((number + 1))
  done >"$backing/order"
}

step_speed() {
  lost=$generation
  next_generation
  mkdir -p "$backing/small"
  head -c 33554432 /dev/urandom >"$backing/big"
  write_small_files
  chmod -R a+rX "$backing"
  kill_driver $lost
  unmount_all "$RECOVERY" || fail unmount "the mount cannot be removed before the speed is measured"
  recover remount "$disrupted"
  : >"$SIGNALS/quiet"
  note phase '"name":"speed"'
  measure_all producer-plain "$backing" || fail speed "$(cat "$SCRATCH/measure.error")"
  measure_all producer-fuse "$RECOVERY" || fail speed "$(cat "$SCRATCH/measure.error")"
  : >"$SIGNALS/speed"
  await "$SIGNALS/speed-measured" $((WAIT_SECONDS * 200)) || fail waiting "the reader did not measure the speed"
  rm -f "$SIGNALS/quiet"
  # shellcheck disable=SC2046 # the words are fields
  set -- $(sed 's/.*) //' "/proc/$driver_process/stat")
  now
  note daemon "\"ticks\":$((${12} + ${13})),\"peakKib\":$(daemon_memory VmHWM),\"residentKib\":$(daemon_memory VmRSS)"
}

daemon_memory() {
  sed -n "s/^$1:[[:space:]]*\([0-9]*\) kB/\1/p" "/proc/$driver_process/status" | grep . || echo 0
}

# ---- orderly stop

# Verifies that everything is gone after the driver was stopped: here, and for the reader.
disappear() {
  emit step name disappearance
  now
  note phase '"name":"disappearance"'
  unmount_all "$RECOVERY" || fail unmount "the mount cannot be removed in order"
  stop_process "$driver_process"
  driver_process=
  count_mounts "$RECOVERY"
  now
  note disappeared "\"mounts\":$MOUNTS,\"sentinel\":$(if [ -e "$RECOVERY/$SENTINEL" ]; then echo true; else echo false; fi)"
  : >"$SIGNALS/end"
  await "$SIGNALS/ended" $((WAIT_SECONDS * 100)) || note waiting '"for":"the reader to finish"'
}

prepare_bridge() {
  [ ! -d "$EXAMINATION" ] || clean_up || emit failed stage stale message "what an earlier run left cannot be removed"
  mkdir -p "$ALLOWED" "$OWNER_ONLY" "$RECOVERY" "$SIGNALS" "$REVERSE"
  for place in "$ALLOWED" "$OWNER_ONLY" "$RECOVERY"; do
    : >"$place/$SENTINEL"
  done
  for cell in $CELLS; do
    mkdir -p "$REVERSE/$cell"
  done
  # The kubelet creates the bridge with its own umask, which may deny access to all others.
  chmod a+rx "$BRIDGE"
  chmod 755 "$EXAMINATION" "$ALLOWED" "$OWNER_ONLY" "$RECOVERY" "$REVERSE"
  chmod 1777 "$SIGNALS"
  : >"$JOURNAL"
  chmod 600 "$JOURNAL"
  now
  note started "\"clock\":\"$(clock_name)\",\"driver\":\"$DRIVER\",\"bridge\":$(json_string "$(mounts_at "$BRIDGE" | tail -n 1)"),\"ticksPerSecond\":$(getconf CLK_TCK 2>/dev/null || echo 100)"
  : >"$SIGNALS/prepared-$RUN"
}

begin() {
  emit started uid: "$(id -u)" driver "$DRIVER" bridge "$(mounts_at "$BRIDGE" | tail -n 1)"
  prepare_bridge
  matrix
  next_generation
  mount_driver "$backing" "$RECOVERY" yes
  note phase '"name":"recovery"'
  note mounted "\"scenario\":\"first\",\"generation\":$generation,\"disrupted\":$NOW,\"mounts\":1,\"nonceSha256\":\"$nonce_hash\""
  await "$SIGNALS/read-$generation" 500 || fail not-propagated "the running consumer did not read the mount"
}

check_tools
trap stop TERM INT
mkdir -p "$SCRATCH"
open_nap producer
if [ -e "$STATE" ] && [ "$(cut -d ' ' -f 1 "$STATE")" = "$RUN" ]; then resume; else begin; fi

current=0
for step in $STEPS; do
  current=$((current + 1))
  [ $current -gt "$step_number" ] || continue
  step_number=$current
  emit step name "$step"
  case $step in
    kill) step_kill ;;
    hang) step_hang ;;
    restart) step_restart ;;
    delete | evict) await_removal "$step" ;;
    speed) step_speed ;;
  esac
done
disappear
print_journal
clean_up
emit finished
