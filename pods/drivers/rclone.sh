# shellcheck shell=sh disable=SC2034
# rclone mount, which uses FUSE through bazil.org/fuse.
#
# A driver sets DRIVER_PROGRAMS, the programs that the image must have, and defines:
#   driver_run SOURCE TARGET   becomes (exec) the program that mounts SOURCE at TARGET
#                              and stays in the foreground until it is unmounted; with
#                              allow_other, unless ALLOW_OTHER is "no"; over what is there
#                              already, if it takes an option for that, where NON_EMPTY is "yes"
#   driver_cannot TARGET       prints "CHECK<tab>REASON" for each check it cannot support
DRIVER_PROGRAMS="rclone fusermount3|fusermount"

driver_run() {
  # It also reads any option from the environment, which an image may have set for other uses.
  for variable in $(export -p | sed -n 's/^[^ ]* \(-x \)\{0,1\}\(RCLONE_[A-Z0-9_]*\).*/\2/p'); do
    unset "$variable"
  done
  [ "$NON_EMPTY" = no ] || set -- "$@" --allow-non-empty
  [ "$ALLOW_OTHER" = no ] || set -- "$@" --allow-other
  exec rclone mount "$@" --config "" --links --attr-timeout 0s --dir-cache-time 0s --poll-interval 0s
}

# rclone up to 1.69 shows a symlink as a file NAME.rclonelink.
driver_cannot() {
  [ -L "$1/link" ] || printf 'symlink\tthis rclone shows a symlink as a file named NAME.rclonelink\n'
}
