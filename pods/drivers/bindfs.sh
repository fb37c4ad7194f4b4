# shellcheck shell=sh disable=SC2034
# bindfs, which shows a directory at another path through libfuse.
DRIVER_PROGRAMS=bindfs

driver_run() {
  [ "$NON_EMPTY" = no ] || set -- -o nonempty "$@"
  # As root it sets allow_other by default.
  if [ "$ALLOW_OTHER" = no ]; then set -- --no-allow-other "$@"; else set -- -o allow_other "$@"; fi
  exec bindfs -f "$@"
}

driver_cannot() {
  :
}
