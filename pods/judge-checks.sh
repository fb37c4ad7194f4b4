# shellcheck shell=sh disable=SC2034,SC2154
# The checks that the consumer makes when it judges a run itself: those of verdict/checks that can
# be made in pods, by the same names and on the same reports. See judge.sh.

# shorten LENGTH TEXT: prints the beginning of a JSON text, without cutting an escape sequence. What is not ASCII
# becomes question marks: half a character is no text, and the limit of a verdict counts bytes.
shorten() {
  printf '%s\n' "$2" | tr '\200-\377' '?' | sed -E 's/^(([^\\]|\\.){0,'"$1"'}).*$/\1/'
}

# check NAME PASSED OBSERVED CAUSE: records a check, and its reason if it has failed.
check() {
  printf '%s{"name":"%s","passed":%s,"observed":"%s"}' "${CHECKS:+,}" "$1" "$2" "$(shorten 80 "$3")" >>"$SCRATCH/checks"
  CHECKS=some
  [ "$2" = false ] || return 0
  printf '%s\t%s: %s\n' "$4" "$1" "$3" >>"$SCRATCH/failed"
}

# Succeeds for a line of mountinfo, as JSON has it, of a FUSE mount at the path of the mount.
is_fuse_mount() {
  printf '%s\n' "$1" | grep -Eq "^[0-9]+ [0-9]+ [0-9]+:[0-9]+ [^ ]+ $MOUNT [^ ]+ .*- fuse(\.[^ ]+)? "
}

# Prints the device number of a line of mountinfo as stat gives it.
device_of() {
  number=${1#* * }
  number=${number%% *}
  major=${number%%:*}
  minor=${number#*:}
  case $major$minor in *[!0-9]* | '') return 1 ;; esac
  echo $(((minor & 255) | ((major & 4095) << 8) | ((minor & ~255) << 12)))
}

# pass_if CONDITION...: sets PASSED to a command's status as a JSON literal.
pass_if() {
  if "$@"; then PASSED=true; else PASSED=false; fi
}

check_mounts() {
  producer_mount=
  owner=
  if only producer mounted; then
    producer_mount=$(value mountinfo)
    device=$(value device)
    owner=$(value owner)
    hash=$(value nonceSha256)
    pass_if is_fuse_mount "$producer_mount"
    check producer-mounted "$PASSED" "${producer_mount##* - }" wrong-filesystem
  fi
  only consumer started || return
  uid=$(value uid)
  gid=$(value gid)
  early=$(value mountVisible)
  caps=$(value capEff)$(value capPrm)$(value capBnd)
  pass_if [ "$(printf '%s' "$caps" | tr -d 0)$(value noNewPrivs) ${#caps}" = "1 48" ]
  check consumer-unprivileged "$PASSED" "capabilities $(value capEff), $(value capPrm), $(value capBnd)" control-failed
  [ -z "$producer_mount" ] || check_owner
  only consumer seen || return
  consumer_mount=$(value mountinfo)
  pass_if is_fuse_mount "$consumer_mount"
  check consumer-mounted "$PASSED" "${consumer_mount##* - }" wrong-filesystem
  pass_if [ "$early" = false ]
  check mounted-live "$PASSED" "visible at the start: $early" control-failed
  only consumer read || return
  pass_if [ "$(value sentinelVisible)" = false ]
  check sentinel-hidden "$PASSED" "visible: $(value sentinelVisible)" wrong-filesystem
  [ -z "$producer_mount" ] || check_identity
}

check_owner() {
  case $owner in
    *[!0-9:]* | '' | :* | *:) PASSED=false ;;
    *) pass_if [ "$uid" -ne 0 -a "${gid:-0}" -ne 0 -a "$uid" -ne "${owner%%:*}" -a "${gid:-0}" -ne "${owner#*:}" ] ;;
  esac
  check consumer-not-owner "$PASSED" "consumer $uid:$gid, owner $owner" control-failed
}

check_identity() {
  pass_if [ "$owner $device $device $device" = \
    "$(value owner) $(value device) $(device_of "$producer_mount") $(device_of "$consumer_mount")" ]
  check same-device "$PASSED" "producer $device of $owner, consumer $(value device) of $(value owner)" wrong-filesystem
  nonce=$(value nonce)
  read_hash=$(printf '%s' "$nonce" | sha256sum)
  pass_if [ "${#nonce} ${read_hash%% *}" = "64 $hash" ]
  if [ $PASSED = true ]; then seen_nonce="the run's nonce"; else seen_nonce="something else"; fi
  check nonce "$PASSED" "$seen_nonce" wrong-filesystem
}

# by_path EVENT-FILE PATH: sets LINE to the last line on a path, as a map would keep it.
by_path() {
  LINE=$(grep -F -e "\"path\":\"$2\"" "$1" | tail -n 1)
  [ -n "$LINE" ]
}

# compare_trees NAME: prints the first differences between what was written and what was read.
compare_trees() {
  while IFS= read -r written; do
    path=$(value path "$written")
    kind=$(value type "$written")
    by_path "$SCRATCH/entries" "$path"
    case $1-$kind in
      list-symlink) [ -n "$no_symlinks" ] || [ "$(value type)" = "$kind" ] || echo "$path is no $kind" ;;
      list-*) [ "$(value type)" = "$kind" ] || echo "$path is no $kind" ;;
      stat-file)
        for field in size mode nlink; do
          [ "$(value $field)" = "$(value $field "$written")" ] || echo "$path: $field differs"
        done
        ;;
      content-file)
        sum=$(value sha256 "$written")
        [ -n "$sum" ] && [ "$(value sha256)" = "$sum" ] || echo "$path differs"
        ;;
      symlink-symlink)
        [ "$(value type) $(value target)" = "symlink $(value target "$written")" ] || echo "$path is no symlink to its target"
        ;;
    esac
  done <"$SCRATCH/written"
}

# Prints the paths that were read and not written. A symlink that a driver cannot show may appear under a name
# that begins with its own.
find_added() {
  while IFS= read -r shown; do
    path=$(value path "$shown")
    by_path "$SCRATCH/written" "$path" && continue
    [ -n "$no_symlinks" ] && by_path "$SCRATCH/written" "${path%.*}" && [ "$(value type)" = symlink ] && continue
    echo "$path was not written"
  done <"$SCRATCH/entries"
}

check_tree() {
  only consumer examined && only producer mounted || return
  lines producer wrote >"$SCRATCH/written"
  lines consumer entry >"$SCRATCH/entries"
  no_symlinks=$(lines producer cannot | grep -F '"check":"symlink"')
  for name in list stat content sub-directory symlink; do
    reason=$(lines producer cannot | grep -F "\"check\":\"$name\"" | tail -n 1)
    if [ -n "$reason" ]; then
      check "$name" '"not-applicable"' "$(value reason "$reason")" ''
      continue
    fi
    found=$(compare_trees "$name")
    [ "$name" != list ] || found=$found$(find_added)
    case $name in
      sub-directory)
        by_path "$SCRATCH/written" directory/inside
        sum=$(value sha256)
        by_path "$SCRATCH/entries" directory/inside
        [ -n "$sum" ] && [ "$(value sha256)" = "$sum" ] || found="not readable"
        by_path "$SCRATCH/entries" directory
        [ "$(value type)" = directory ] || found="not readable"
        ;;
      symlink) grep -qF '"type":"symlink"' "$SCRATCH/written" || found="none was written" ;;
    esac
    [ -s "$SCRATCH/written" ] || found="the producer did not report what it wrote"
    pass_if [ -z "$found" ]
    found=${found%%"$NEWLINE"*}
    check "$name" "$PASSED" "${found:-as written}" content-mismatch
  done
}

check_control() {
  if only control seen; then
    check control-blind false "it sees the mount" control-failed
    return
  fi
  only control started && only control not-seen || return
  only control started
  bridge=$(value bridge)
  early=$(value mountVisible)
  pass_if [ -n "$bridge" -a "${bridge#* shared:}" = "$bridge" -a "${bridge#* master:}" = "$bridge" ]
  check control-blind "$PASSED" "its bridge is $bridge" control-failed
  only control not-seen
  visible=$(value sentinelVisible)
  # A producer that has failed removes the sentinel.
  if [ "$early$visible" = falsefalse ] && producer_failed; then return; fi
  pass_if [ "$early$visible" = falsetrue ]
  check control-looks "$PASSED" "mount visible at the start: $early, sentinel visible: $visible" control-failed
  only control searched || return
  found=$(value found)
  lines control underneath >"$SCRATCH/underneath"
  foreign=
  while IFS= read -r LINE; do
    path=$(value path)
    case $path in
      mount | signals) known="directory $(value size)" ;;
      mount/NOT-MOUNTED | signals/mounted-"$RUN" | signals/control-"$RUN" | signals/consumer-"$RUN" | signals/producer-"$RUN" | \
        signals/report-producer-"$RUN" | signals/report-control-"$RUN" | signals/taken-"$RUN") known="file 0" ;;
      *) known= ;;
    esac
    case "$(value type) $(value size)" in
      "regular empty file 0" | "regular file 0" | "fifo 0") is="file 0" ;;
      *) is="$(value type) $(value size)" ;;
    esac
    [ "$known" = "$is" ] || foreign=${foreign:-$path}
  done <"$SCRATCH/underneath"
  whole=no
  if [ "$(grep -c . "$SCRATCH/underneath")" != "$found" ]; then
    check bridge-clean false "a line on what is underneath is missing" observation-failed
    return
  fi
  ! grep -qF '"path":"mount/NOT-MOUNTED"' "$SCRATCH/underneath" || whole=yes
  if [ $whole = no ] && [ -z "$foreign" ] && producer_failed; then return; fi
  [ $whole = yes ] || foreign=${foreign:-a report that is not complete}
  pass_if [ -z "$foreign" ]
  check bridge-clean "$PASSED" "${foreign:-nothing else}" control-failed
}

producer_failed() {
  only producer failed || only producer driver-exited
}
