# shellcheck shell=sh disable=SC2034,SC2154
# The judgement of the consumer, for a run that GitOps started: no program outside the pods runs, and no
# pod has a token. It compares what it has seen itself with what producer and control report.
#
# What is trusted: the consumer's own observation. The hash, device and owner that
# the producer reports, because only root on the node can write to its FIFO, and root could fake
# the mount as well. The control's report, because only root and the consumer's own user can
# write to it. A report is text, and is compared, never run. Checks that need the API
# are reported as not checked: `npm run verdict` adds them.

# shellcheck source=pods/judge-checks.sh
. "$PROGRAMS/judge-checks.sh"
# shellcheck source=pods/judge-words.sh
. "$PROGRAMS/judge-words.sh"

NEWLINE='
'
concluding=no

report_of() {
  if [ "$1" = consumer ]; then echo "$REPORT"; else echo "$SCRATCH/of-$1"; fi
}

# lines ROLE EVENT: prints the lines of a report with an event.
lines() {
  grep -F -e "{\"run\":\"$RUN\",\"role\":\"$1\",\"event\":\"$2\"" "$(report_of "$1")" 2>/dev/null
}

# only ROLE EVENT: sets LINE to the one line with an event; fails if there is none, or several.
only() {
  LINE=$(lines "$1" "$2")
  case $LINE in '' | *"$NEWLINE"*) LINE= && return 1 ;; esac
}

# value KEY [LINE]: prints a value of a line as JSON has it, without the quotes of a text. A key
# cannot be met within a text, whose quotes are escaped.
value() {
  printf '%s\n' "${2-$LINE}" |
    sed -n -E 's/^.*[{,]"'"$1"'":("(([^"\\]|\\.)*)"|([^",}]*)).*$/\2\4/p'
}

# Starts to read the reports as soon as they exist, and stops waiting for a mount that according to the
# producer will not appear.
take_reports() {
  [ -n "${JUDGE:-}" ] && [ "$ROLE" = consumer ] || return 0
  for reporter in producer control; do
    if [ ! -e "$SCRATCH/of-$reporter" ] && [ -r "$SIGNALS/report-$reporter-$RUN" ]; then
      : >"$SCRATCH/of-$reporter"
      cat "$SIGNALS/report-$reporter-$RUN" >>"$SCRATCH/of-$reporter" 2>/dev/null &
    fi
  done
  [ $concluding = no ] || return 0
  [ -s "$SCRATCH/of-producer" ] || return 0
  if only producer failed || only producer driver-exited; then
    concluding=yes
    give_up
  fi
}

# shellcheck disable=SC2317 # called through apart
write_report() {
  cat "$REPORT"
  printf '{"run":"%s","role":"control","event":"reported","lines":%s}\n' "$RUN" "$(grep -c . "$REPORT")"
}

# Sends the control's report. Opening blocks forever if the producer has gone.
send_report() {
  apart 5 into "$SIGNALS/report-control-$RUN" write_report
}

has_whole_control() {
  only control reported && [ "$(value lines)" = "$(($(grep -c . "$SCRATCH/of-control") - 1))" ]
}

producer_reported() {
  lines producer mounted >/dev/null || lines producer failed >/dev/null || lines producer driver-exited >/dev/null
}

# Waits for the reports of the other pods, until the run's time limit, and for some seconds in any case.
await_reports() {
  clock
  reports_deadline=$((now + 500))
  [ "$deadline" -lt $reports_deadline ] || reports_deadline=$deadline
  until producer_reported && { has_whole_control || ! lines producer mounted >/dev/null; }; do
    take_reports
    clock
    [ "$now" -lt "$reports_deadline" ] || return
    sleep 0.02
  done
  # If the mount is stale because its driver has exited, the producer reports that in a moment.
  if lines consumer failed >/dev/null; then sleep 1; fi
}

# verdict_is VERDICT CAUSE SUMMARY: sets the verdict; only the first call counts.
verdict_is() {
  [ -z "$VERDICT" ] || return 0
  VERDICT=$1
  CAUSE=$2
  SUMMARY=$3
}

# blame_check CAUSE VERDICT SUMMARY: sets the verdict if one of the checks of a cause has failed.
blame_check() {
  text=$(grep "^$1	" "$SCRATCH/failed" | head -n 1)
  [ -z "$text" ] || verdict_is "$2" "$1" "$3 (${text#*	})"
}

# Messages of a mount whose daemon is gone, as in verdict/causes/stale-mount-at-start.ts.
DEAD_MOUNT='transport endpoint is not connected|socket not connected|software caused connection abort|connection aborted'

# Messages about a path of the mount that the consumer may not read, as in verdict/causes/reading.ts.
DENIED='(/mnt/dfs/mount([^0-9A-Za-z_].*)?|(^| )find: .*): (permission denied|operation not permitted)'

# Succeeds if the consumer or the control had started while a mount of an earlier run existed.
holds_leftover() {
  only producer leftover || return
  for watcher in control consumer; do
    if only $watcher started && [ "$(value mountVisible)" = true ]; then return 0; fi
  done
  return 1
}

# with_memory WORDS: prints the driver's output in brackets, after "OOMKilled" if the kernel has killed for memory in
# the producer; nothing if there is nothing to print. LINE must be a line of the producer's report.
with_memory() {
  if [ "$(value outOfMemory)" = true ]; then
    printf ' (OOMKilled: it used more memory than its limit%s)\n' "${1:+: $1}"
  else
    printf '%s\n' "${1:+ ($1)}"
  fi
}

blame_producer() {
  if holds_leftover; then verdict_is ERROR stale-mount-at-start "a pod had started with a mount of an earlier run"; fi
  if only producer failed; then
    stage=$(value stage)
    words=$(value message)
    unescaped=$(printf '%s' "$words" | sed 's/\\\(["\\]\)/\1/g')
    if matches "$unescaped" "$DISK_FULL"; then verdict_is ERROR node-out-of-resources "the node has no room ($words)"; fi
    case $stage in
      stale) verdict_is ERROR stale-mount-at-start "a mount of an earlier run is in the way ($words)" ;;
      bridge)
        if matches "$unescaped" "$DEAD_MOUNT"; then verdict_is ERROR stale-mount-at-start "the bridge holds a dead mount ($words)"; fi
        verdict_is ERROR hostpath-type "the bridge cannot be used as the test's directory ($words)"
        ;;
      backing) verdict_is ERROR node-out-of-resources "the node has no room ($words)" ;;
      tool) verdict_is ERROR tool-missing "the image lacks programs ($words)" ;;
      program) verdict_is ERROR driver-missing "the image lacks the driver ($words)" ;;
      access) verdict_is ERROR bridge-inaccessible "a pod may not enter the bridge ($words)" ;;
      device)
        if matches "$unescaped" '^opening /dev/fuse: (operation not permitted|permission denied)$'; then
          verdict_is ERROR fuse-device-denied "the producer may not open /dev/fuse ($words)"
        fi
        verdict_is ERROR fuse-device-missing "the node offers no FUSE device ($words)"
        ;;
      driver)
        code=$(driver_cause "$unescaped")
        [ -z "$code" ] || verdict_is ERROR "$code" "the driver cannot mount ($words)"
        verdict_is ERROR driver-crashed "the driver made no mount$(with_memory "$words")"
        ;;
      verify) verdict_is ERROR driver-crashed "the driver made no lasting mount$(with_memory "$words")" ;;
      waiting) blame_waiting ;;
    esac
    if only producer failed && [ "$(value outOfMemory)" = true ]; then
      verdict_is ERROR driver-crashed "the producer failed at stage $stage$(with_memory "$words")"
    fi
    verdict_is ERROR interrupted "the producer failed at stage $stage ($words)"
  elif only producer driver-exited; then
    verdict_is ERROR driver-crashed "the driver exited with status $(value exit)$(with_memory "$(value message)")"
  fi
}

blame_consumer() {
  if only consumer failed && lines consumer seen >/dev/null; then
    words=$(value message)
    case $(value stage) in
      hung) reading=mount-hung ;;
      gone) reading=mount-stale ;;
      read)
        reading=content-mismatch
        matches "$words" "$DEAD_MOUNT" && reading=mount-stale
        matches "$words" "$DENIED" && reading=access-denied
        ;;
      *) reading= ;;
    esac
    [ -z "$reading" ] || verdict_is FAILURE "$reading" "the mount reaches the consumer, and cannot be read ($words)"
  fi
}

blame_access() {
  for watcher in consumer control; do
    only $watcher failed || continue
    case $(value stage) in
      access) verdict_is ERROR bridge-inaccessible "the $watcher may not enter the bridge ($(value message))" ;;
      tool) verdict_is ERROR tool-missing "the image lacks programs ($(value message))" ;;
    esac
  done
}

# Sets the verdict if the producer did not set the modes of the bridge in time.
blame_waiting() {
  for watcher in consumer control; do
    lines $watcher ready >/dev/null || ! only $watcher blocked ||
      verdict_is ERROR bridge-inaccessible "the $watcher may not enter the bridge ($(value message))"
  done
}

blame_propagation() {
  only producer mounted || return
  only consumer not-seen || only consumer gave-up || return
  case $(value event)-$(value mountVisible)$(value sentinelVisible) in
    not-seen-true | gave-up-falsetrue)
      verdict_is FAILURE not-propagated "the mount is readable in the producer, but does not reach the consumer (not in its mountinfo after $(value polls) polls; it sees the directory underneath)"
      ;;
    not-seen-*)
      producer_failed || verdict_is ERROR control-failed "the consumer sees neither the mount nor the directory underneath"
      ;;
  esac
}

# Names of the checks that every SUCCESS needs, and that can be made in pods.
REQUIRED="producer-mounted consumer-unprivileged consumer-not-owner consumer-mounted mounted-live same-device nonce \
sentinel-hidden list stat content sub-directory symlink control-blind control-looks bridge-clean"

# Decides from the reports: sets VERDICT, CAUSE and SUMMARY, in the order of the catalogue.
decide() {
  VERDICT=
  CHECKS=
  : >"$SCRATCH/checks"
  : >"$SCRATCH/failed"
  check_mounts
  check_tree
  check_control
  blame_access
  blame_producer
  blame_check observation-failed ERROR "a report is not whole"
  blame_check control-failed ERROR "a control of the test does not hold, so the run proves nothing"
  blame_consumer
  blame_check wrong-filesystem FAILURE "the consumer reads another filesystem than the producer mounted"
  blame_check content-mismatch FAILURE "what the consumer reads is not what was written"
  blame_propagation
  blame_waiting
  for name in $REQUIRED; do
    grep -qF "{\"name\":\"$name\",\"passed\":" "$SCRATCH/checks" ||
      verdict_is ERROR timed-out "nothing decisive was reported, waiting for $name"
  done
  verdict_is SUCCESS '' "a mount made in one pod is read by another pod on this node"
}

# Prints the verdict as JSON of at most 4096 bytes, which is the limit of Kubernetes.
print_verdict() {
  missing='{"name":"origin","passed":"not-checked"},{"name":"placement","passed":"not-checked"},{"name":"logs-whole","passed":"not-checked"}'
  SUMMARY=$(shorten 250 "$SUMMARY")
  for listed in "$(cat "$SCRATCH/checks"),$missing" "$(grep -Eo '\{"name":"[a-z-]+","passed":false' "$SCRATCH/checks" | sed 's/$/}/' | tr '\n' ',')$missing"; do
    message=$(printf '{"run":"%s","verdict":"%s","cause":"%s","summary":"%s","checks":[%s]}' \
      "$RUN" "$VERDICT" "$CAUSE" "$SUMMARY" "${listed#,}")
    if [ ${#message} -le 4096 ]; then break; fi
  done
  printf '%s\n' "$message"
}

# Writes the verdict of a consumer whose image lacks the programs to judge with.
write_verdict_without_tools() {
  printf '{"run":"%s","verdict":"ERROR","cause":"tool-missing","summary":"the image lacks programs (%s)","checks":[]}\n' \
    "$RUN" "$1" >/dev/termination-log
}

# Judges the run, writes the verdict for Kubernetes to show, and sets JUDGED to the exit status.
judge_run() {
  concluding=yes
  REPORTING=no
  await_reports
  decide
  print_verdict >/dev/termination-log
  case $VERDICT in SUCCESS) JUDGED=0 ;; FAILURE) JUDGED=1 ;; *) JUDGED=2 ;; esac
  apart 1 into "$SIGNALS/taken-$RUN" echo taken
}
