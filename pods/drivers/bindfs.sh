# shellcheck shell=sh disable=SC2034
# bindfs, which shows a directory somewhere else through libfuse.
DRIVER_PROGRAMS=bindfs

# libfuse 2 refuses a mount point that is not empty, and here the sentinel lies in it;
# libfuse 3 never does, and does not know the option.
driver_run() {
  case $(bindfs --fuse-version) in
    *\ 2.*) set -- -o nonempty "$@" ;;
  esac
  # Run by root it gives allow_other by itself, unless it is told not to.
  if [ "${ALLOW_OTHER:-yes}" = no ]; then set -- --no-allow-other "$@"; else set -- -o allow_other "$@"; fi
  exec bindfs -f "$@"
}

driver_cannot() {
  :
}
