# shellcheck shell=sh disable=SC2034
# rclone mount, which uses libfuse's protocol through bazil.org/fuse.
#
# A driver sets DRIVER_PROGRAM and defines:
#   driver_run SOURCE TARGET   becomes (exec) the program that mounts SOURCE at TARGET
#   driver_cannot TARGET       prints "CHECK<tab>REASON" for what it cannot show
DRIVER_PROGRAM=rclone

rclone_run() {
  exec rclone "$1" "$2" "$3" --config "" --allow-other --links --attr-timeout 0s --dir-cache-time 0s --poll-interval 0s
}

# rclone up to 1.69 shows a symlink as a file NAME.rclonelink.
driver_cannot() {
  [ -L "$1/link" ] || printf 'symlink\tthis rclone shows a symlink as a file named NAME.rclonelink\n'
}

driver_run() {
  rclone_run mount "$1" "$2"
}
