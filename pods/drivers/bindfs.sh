# shellcheck shell=sh disable=SC2034
# bindfs, which shows a directory somewhere else through libfuse.
DRIVER_PROGRAMS=bindfs

driver_run() {
  exec bindfs -f -o allow_other "$1" "$2"
}

driver_cannot() {
  :
}
