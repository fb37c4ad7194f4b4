# shellcheck shell=sh disable=SC2034
# rclone mount2, which uses FUSE through go-fuse, as Decypharr does.
DRIVER_PROGRAMS="rclone fusermount3|fusermount"

driver_run() {
  # It also reads any option from the environment, which an image may have set for other uses.
  for variable in $(export -p | sed -n 's/^[^ ]* \(-x \)\{0,1\}\(RCLONE_[A-Z0-9_]*\).*/\2/p'); do
    unset "$variable"
  done
  [ "$NON_EMPTY" = no ] || set -- "$@" --allow-non-empty
  [ "$ALLOW_OTHER" = no ] || set -- "$@" --allow-other
  exec rclone mount2 "$@" --config "" --links --attr-timeout 0s --dir-cache-time 0s --poll-interval 0s
}

# rclone up to 1.69 shows a symlink as a file NAME.rclonelink.
driver_cannot() {
  [ -L "$1/link" ] || printf 'symlink\tthis rclone shows a symlink as a file named NAME.rclonelink\n'
}
