# shellcheck shell=sh disable=SC2154,SC3045
# Stops drivers, also one that was killed and cannot terminate. One of its threads waits for a response of the
# filesystem that the driver itself serves (go-fuse calls its own mount when it starts). There is no response,
# the process stays because the thread does, and the kernel keeps the connection because the process stays:
# every reader waits with it, until the connection is aborted (Documentation/filesystems/fuse.rst,
# "Interrupting filesystem operations").

# Succeeds if a process was killed (SIGKILL, the ninth bit) and one of its threads still runs.
killed_but_running() {
  for status in /proc/"$1"/task/*/status; do
    grep -Eqs '^S(ig|hd)Pnd:[[:space:]]*[0-9a-f]*[13579bdf][0-9a-f]{2}$' "$status" || continue
    ! grep -Eqs '^State:[[:space:]]*[ZX]' "$status" || continue
    return 0
  done
  return 1
}

# process_alive PROCESS: succeeds if a process runs; a zombie does not.
process_alive() {
  [ -n "$1" ] && grep -q '^State:[[:space:]]*[^Z[:space:]]' "/proc/$1/status" 2>/dev/null
}

# stop_process PROCESS: waits for a driver, which exits when it is unmounted. One that hangs is killed.
stop_process() {
  clock
  began=$now
  while process_alive "$1" && [ $((now - began)) -lt 300 ]; do
    [ $((now - began)) -lt 50 ] || kill -TERM "$1" 2>/dev/null
    [ $((now - began)) -lt 200 ] || kill -KILL "$1" 2>/dev/null
    sleep 0.01
    clock
  done
}

# connection_of MOUNT: prints the number of the FUSE connection of the topmost mount at MOUNT.
connection_of() {
  mounts_at "$1" | tail -n 1 | sed 's/^[0-9]* [0-9]* [0-9]*:\([0-9]*\) .*/\1/'
}

# abort_connection NUMBER: fails the requests that wait in a connection, and every later one. Does nothing if
# no request waits.
abort_connection() {
  mkdir -p "$SCRATCH/connections" && mount -t fusectl none "$SCRATCH/connections" 2>/dev/null || return 0
  waiting=$(cat "$SCRATCH/connections/$1/waiting" 2>/dev/null)
  [ "${waiting:-0}" = 0 ] || echo 1 >"$SCRATCH/connections/$1/abort"
  umount "$SCRATCH/connections"
}

# end_killed_driver PROCESS MOUNT: returns when the process has terminated. Aborts the connection of the mount
# if the process has been killed, and still runs one to two seconds later.
end_killed_driver() {
  connection=$(connection_of "$2")
  while [ -e "/proc/$1" ]; do
    sleep 1
    killed_but_running "$1" || continue
    sleep 1
    ! killed_but_running "$1" || abort_connection "$connection"
  done
}
