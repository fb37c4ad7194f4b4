# shellcheck shell=sh disable=SC2034
# squashfuse, which mounts an archive that mksquashfs makes of SOURCE first.
DRIVER_PROGRAMS="mksquashfs squashfuse"

driver_run() {
  mksquashfs "$1" "$SCRATCH/archive.squashfs" -all-root -no-progress -quiet -noappend -processors 1 || return 1
  set -- "$SCRATCH/archive.squashfs" "$2"
  [ "$ALLOW_OTHER" = no ] || set -- -o allow_other "$@"
  [ "$NON_EMPTY" = no ] || set -- -o nonempty "$@"
  exec squashfuse -f "$@"
}

driver_cannot() {
  :
}
