#!/bin/sh
# Process 1 of a node or of the control plane, already in its own mount and pid namespaces.
# It gives the namespace its mounts and then becomes a pause process, which reaps orphans and holds all of it.
#
# anchor.sh control ETCD_FOLDER
# anchor.sh ROOT NODE_FOLDER BINARIES     ROOT: shared or private
set -eu

mount -t proc proc /proc

if [ "$1" = control ]; then
  # The cluster's state lives as long as this process; on a disk, etcd would wait for it hundreds of times at the start.
  mount -t tmpfs -o mode=0700,size=512m etcd "$2"
else
  root=$1 folder=$2 binaries=$3

  # kubelet sets these for the whole machine. Here they have the values that it requires, and it changes nothing.
  for setting in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops \
    kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
    if [ -e "/proc/sys/$setting" ]; then
      mount --bind "$folder/sysctl/$setting" "/proc/sys/$setting"
    fi
  done

  # The folder may be below one of the places that are about to be covered: sources first, each by its own mount.
  mount --bind "$binaries" "$folder/var-lib/fuse-test/bin"
  cd "$folder"
  mount --bind var-log /var/log
  mount --bind run /run
  mount --bind tmp /tmp
  mount --rbind var-lib /var/lib
  cd /

  # After the bindings: a binding made from a shared mount would be its peer, and mounts below /tmp
  # would appear in the cluster's folder too.
  mount "--make-r$root" /
fi

exec catatonit -P
