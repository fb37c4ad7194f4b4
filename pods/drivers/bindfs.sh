# shellcheck shell=sh disable=SC2034
# bindfs, which shows a directory somewhere else through libfuse.
DRIVER_PROGRAMS=bindfs

driver_run() {
  [ "$NON_EMPTY" = no ] || set -- -o nonempty "$@"
  # Run by root it gives allow_other by itself, unless it is told not to.
  if [ "${ALLOW_OTHER:-yes}" = no ]; then set -- --no-allow-other "$@"; else set -- -o allow_other "$@"; fi
  exec bindfs -f "$@"
}

driver_cannot() {
  :
}
